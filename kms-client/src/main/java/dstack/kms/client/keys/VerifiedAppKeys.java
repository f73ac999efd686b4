package dstack.kms.client.keys;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;

/**
 * The keys of one application, found to be those of the KMS that they were asked of. Only {@link
 * ExpectedKeys} makes one. Closing erases them.
 */
public final class VerifiedAppKeys implements AutoCloseable {
  private final AppId app;
  private final KmsIdentity kms;
  private final Secret disk;
  private final Secret env;
  private final Secp256k1PrivateKey k256;
  private final RecoverableSignature signature;
  private final String gatewayAppId;
  private final Bytes osImageHash;

  VerifiedAppKeys(
      AppId app,
      KmsIdentity kms,
      Secret disk,
      Secret env,
      Secp256k1PrivateKey k256,
      RecoverableSignature signature,
      String gatewayAppId,
      Bytes osImageHash) {
    this.app = app;
    this.kms = kms;
    this.disk = disk;
    this.env = env;
    this.k256 = k256;
    this.signature = signature;
    this.gatewayAppId = gatewayAppId;
    this.osImageHash = osImageHash;
  }

  /** Whose keys these are. */
  public AppId app() {
    return app;
  }

  /** The KMS that they come from. */
  public KmsIdentity kms() {
    return kms;
  }

  /** The disk's key, 32 bytes, until this is closed. */
  public Secret diskCryptKey() {
    return disk;
  }

  /** The X25519 key of the environment, 32 bytes, until this is closed. */
  public Secret envCryptKey() {
    return env;
  }

  /** The application's secp256k1 key, until this is closed. */
  public Secp256k1PrivateKey k256Key() {
    return k256;
  }

  /** The root's statement that the secp256k1 key is the application's. */
  public RecoverableSignature k256Signature() {
    return signature;
  }

  /** The gateway as the authority names it; possibly empty. */
  public String gatewayAppId() {
    return gatewayAppId;
  }

  /** The OS image that the authority was asked about, 32 bytes; possibly empty. */
  public Bytes osImageHash() {
    return osImageHash;
  }

  @Override
  public void close() {
    disk.close();
    env.close();
    k256.close();
  }
}
