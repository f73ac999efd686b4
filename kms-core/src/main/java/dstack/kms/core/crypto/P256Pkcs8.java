package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The one PKCS#8 form of P-256 keys: 138 bytes, version 0, named curve, no parameters inside the
 * ECPrivateKey, public key present (specification 03 §1). Secrets are hashes of these bytes, so
 * nothing in them may vary.
 */
final class P256Pkcs8 {
  static final int LENGTH = 138;

  private static final Bytes BEFORE_SCALAR =
      Bytes.fromHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");
  private static final Bytes BEFORE_POINT = Bytes.fromHex("a144034200");
  private static final Bytes SHORT_FORM_BEFORE_SCALAR =
      Bytes.fromHex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");
  private static final int SCALAR_AT = BEFORE_SCALAR.length();
  private static final int SCALAR_END = SCALAR_AT + EcCurve.SCALAR_LENGTH;
  private static final int POINT_AT = SCALAR_END + BEFORE_POINT.length();

  private P256Pkcs8() {}

  static Secret encode(Secret scalar, P256PublicKey publicKey) {
    return scalar.expose(
        raw -> Secret.takeOver(join(BEFORE_SCALAR, raw, BEFORE_POINT, publicKey.point())));
  }

  /** The form for providers only, which compute the public key themselves; never stored or sent. */
  static Secret encodeWithoutPublicKey(Secret scalar) {
    return scalar.expose(
        raw -> Secret.takeOver(join(SHORT_FORM_BEFORE_SCALAR, raw, Bytes.EMPTY, Bytes.EMPTY)));
  }

  /** The scalar in the 138-byte form; any other encoding is refused. */
  static Secret scalarOf(Secret der) {
    return der.expose(
        raw -> {
          if (raw.length != LENGTH
              || !hasAt(raw, 0, BEFORE_SCALAR)
              || !hasAt(raw, SCALAR_END, BEFORE_POINT)) {
            throw new RefusalException(
                CryptoRefusal.PRIVATE_KEY_ENCODING,
                "the private key is not a P-256 key in PKCS#8 with its public key");
          }
          return Secret.takeOver(Arrays.copyOfRange(raw, SCALAR_AT, SCALAR_END));
        });
  }

  /** The public key beside the scalar, as it stands there. */
  static Bytes pointOf(Secret der) {
    return der.expose(raw -> Bytes.of(raw, POINT_AT, LENGTH));
  }

  private static boolean hasAt(byte[] raw, int offset, Bytes expected) {
    return Bytes.of(raw, offset, offset + expected.length()).equals(expected);
  }

  private static byte[] join(Bytes before, byte[] scalar, Bytes between, Bytes point) {
    return ByteBuffer.allocate(before.length() + scalar.length + between.length() + point.length())
        .put(before.buffer())
        .put(scalar)
        .put(between.buffer())
        .put(point.buffer())
        .array();
  }
}
