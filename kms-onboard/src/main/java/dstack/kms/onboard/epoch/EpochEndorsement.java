package dstack.kms.onboard.epoch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * A statement about a generation, signed by the k256 root of the one before it. An instance is
 * proof that the signature is that of the key which the statement names; who that is, only {@link
 * #requireFrom} says.
 */
public record EpochEndorsement(EpochStatement statement, RecoverableSignature signature) {
  /** Refuses a signature by any other key than the one that the statement names. */
  public EpochEndorsement {
    Optional<Secp256k1PublicKey> signer = signature.signerOf(statement.digest());
    if (!signer.equals(Optional.of(statement.previous().k256()))) {
      throw new RefusalException(
          EpochRefusal.SIGNATURE, "the endorsement is not signed by the root that it names");
    }
  }

  /** Signs the statement with the k256 root of the generation before. */
  static EpochEndorsement make(EpochStatement statement, Secp256k1PrivateKey previous) {
    return new EpochEndorsement(statement, previous.signDigest(statement.digest()));
  }

  /**
   * Reads the one form in which an endorsement is written.
   *
   * @throws RefusalException for any other text, and for a signature that does not hold
   */
  public static EpochEndorsement parse(String text) {
    return EndorsementText.parse(text);
  }

  /** The one form, with a line end. */
  public String text() {
    return EndorsementText.of(this);
  }

  /** Refuses an endorsement by another root than this one. */
  public void requireFrom(Secp256k1PublicKey root) {
    if (!statement.previous().k256().equals(root)) {
      throw new RefusalException(
          EpochRefusal.SIGNATURE,
          "the endorsement is by "
              + statement.previous().k256().compressed().hex()
              + ", not by "
              + root.compressed().hex());
    }
  }

  /** Refuses an endorsement of another number or of other keys. */
  void requireFor(int epoch, RootIdentity keys) {
    requireFor(epoch);
    if (!statement.current().equals(keys)) {
      throw new RefusalException(
          EpochRefusal.OTHER_KEYS,
          "these are not the keys of epoch " + epoch + " that the endorsement names",
          "expected k256 public key " + hex(statement.current()) + ", found " + hex(keys));
    }
  }

  /** Refuses an endorsement of another number. */
  void requireFor(int epoch) {
    if (statement.epoch() != epoch) {
      throw new RefusalException(
          EpochRefusal.OTHER_KEYS,
          "the endorsement is of epoch " + statement.epoch() + ", not of epoch " + epoch);
    }
  }

  private static String hex(RootIdentity identity) {
    return identity.k256().compressed().hex();
  }

  /** The bytes of the signature. */
  Bytes signatureBytes() {
    return signature.value();
  }
}
