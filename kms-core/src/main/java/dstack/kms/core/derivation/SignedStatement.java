package dstack.kms.core.derivation;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import java.nio.ByteBuffer;

/**
 * What the root k256 key signs: {@code prefix ':' app_id [u64 seconds] message}, big-endian and
 * without lengths (specification 03 §5). App ids of 20 bytes keep the parts apart.
 */
record SignedStatement(Bytes preimage) {
  private static final Bytes ISSUED = Bytes.utf8("dstack-kms-issued:");
  private static final Bytes ENV_PUBLIC_KEY = Bytes.utf8("dstack-env-encrypt-pubkey:");

  private static final Bytes SEALED_KEYS = Bytes.utf8("dstack-kms-sealed-keys:");

  /** This secp256k1 key is the application's. */
  static SignedStatement issued(AppId app, Secp256k1PublicKey appKey) {
    return new SignedStatement(Bytes.concat(ISSUED, app.value(), appKey.compressed()));
  }

  /** This X25519 key is the one to encrypt the application's environment to. */
  static SignedStatement envPublicKey(AppId app, Bytes publicKey) {
    return new SignedStatement(Bytes.concat(ENV_PUBLIC_KEY, app.value(), publicKey));
  }

  /** The same at a point in time, in Unix seconds. */
  static SignedStatement envPublicKeyAt(AppId app, long seconds, Bytes publicKey) {
    Bytes timestamp = Bytes.of(ByteBuffer.allocate(Long.BYTES).putLong(seconds).array());
    return new SignedStatement(Bytes.concat(ENV_PUBLIC_KEY, app.value(), timestamp, publicKey));
  }

  /** These sealed keys are the application's. */
  static SignedStatement sealedKeys(AppId app, SealedAnswer answer) {
    return new SignedStatement(Bytes.concat(SEALED_KEYS, app.value(), answer.digest()));
  }

  /** Keccak-256 of the preimage: what is signed. */
  Bytes digest() {
    return Keccak.keccak256(preimage);
  }
}
