package dstack.kms.core.store;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;

/** Checks that keys are keys and that certificates belong to them. */
final class KeySetCheck {
  private KeySetCheck() {}

  static void check(KeySet keys, CertificateSet certificates) {
    check(keys, CertificateUpdate.all(certificates));
  }

  static void check(KeySet keys, CertificateUpdate update) {
    PublicKeys publicKeys = publicKeys(keys);
    update.rootCa().ifPresent(pem -> check(KeyFile.ROOT_CA_CERT, pem, publicKeys.rootCa()));
    update.tmpCa().ifPresent(pem -> check(KeyFile.TMP_CA_CERT, pem, publicKeys.tmpCa()));
    update.rpc().ifPresent(pem -> check(KeyFile.RPC_CERT, pem, publicKeys.rpc()));
  }

  /** The public keys, which proves that every private key is one. */
  static PublicKeys publicKeys(KeySet keys) {
    return new PublicKeys(
        p256(KeyFile.ROOT_CA_KEY, keys.rootCa()),
        p256(KeyFile.TMP_CA_KEY, keys.tmpCa()),
        p256(KeyFile.RPC_KEY, keys.rpc()),
        k256(keys.k256()));
  }

  private static Bytes p256(KeyFile file, Secret pem) {
    try (P256PrivateKey key = P256PrivateKey.fromPkcs8Pem(pem)) {
      return key.publicKey().subjectPublicKeyInfo();
    } catch (RefusalException e) {
      throw foreign(file.fileName() + " is no P-256 key: " + e.text());
    }
  }

  private static Bytes k256(Secret scalar) {
    try (Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(scalar)) {
      return key.publicKey().compressed();
    } catch (RefusalException e) {
      throw foreign(KeyFile.ROOT_K256_KEY.fileName() + " is no secp256k1 key: " + e.text());
    }
  }

  private static void check(KeyFile file, String pem, Bytes publicKey) {
    if (!publicKeyOf(file, pem).equals(publicKey)) {
      throw foreign(file.fileName() + " is not a certificate of the key beside it");
    }
  }

  private static Bytes publicKeyOf(KeyFile file, String pem) {
    try {
      return ParsedCertificate.parse(Pem.decode(pem)).spki();
    } catch (RefusalException e) {
      throw foreign(file.fileName() + " is no certificate: " + e.text());
    }
  }

  private static RefusalException foreign(String text) {
    return new RefusalException(StoreRefusal.FOREIGN, text);
  }
}
