package dstack.kms.onboard.epoch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.nio.ByteBuffer;

/**
 * What the k256 root of one generation says about the next (ADR 0013).
 *
 * @param epoch the number of the next
 * @param seconds when it was said, in Unix seconds
 * @param previous the roots that say it
 * @param current the roots that it is about
 */
public record EpochStatement(int epoch, long seconds, RootIdentity previous, RootIdentity current) {
  /** No other statement of the root k256 key begins like this (specification 03 §5). */
  private static final Bytes PREFIX = Bytes.utf8("dstack-kms-epoch-endorsement-v1:");

  /** Keccak-256 of prefix, number, time and the four keys, each of a fixed length. */
  Bytes digest() {
    Bytes numbers =
        Bytes.of(
            ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(epoch).putLong(seconds).array());
    return Keccak.keccak256(
        PREFIX,
        numbers,
        previous.keyProviderId(),
        previous.k256().compressed(),
        current.keyProviderId(),
        current.k256().compressed());
  }
}
