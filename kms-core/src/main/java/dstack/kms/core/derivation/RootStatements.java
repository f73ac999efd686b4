package dstack.kms.core.derivation;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import java.util.Optional;

/**
 * Names the root k256 key behind a signature on what a KMS gives to an application (specification
 * 03 §5). Whether it is the right one decides the caller.
 */
public final class RootStatements {
  private RootStatements() {}

  /** Who says that this secp256k1 key is the application's. */
  public static Optional<Secp256k1PublicKey> signerOfAppKey(
      AppId app, Secp256k1PublicKey appKey, RecoverableSignature signature) {
    return signature.signerOf(SignedStatement.issued(app, appKey).digest());
  }

  /** Who says that this sealed answer holds the application's keys. */
  public static Optional<Secp256k1PublicKey> signerOfSealedKeys(
      AppId app, SealedAnswer answer, RecoverableSignature signature) {
    return signature.signerOf(SignedStatement.sealedKeys(app, answer).digest());
  }
}
