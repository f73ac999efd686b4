package dstack.kms.onboard.epoch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.certificates.SigningKeys;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.testkit.Vectors;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The roots of one generation, for tests that store them. */
record Generation(Bytes caScalar, Bytes k256Scalar) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final RpcDomain DOMAIN = new RpcDomain("kms.example.org");

  static Generation fresh() {
    try (P256PrivateKey ca = P256PrivateKey.generate(RANDOM);
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(RANDOM)) {
      return new Generation(content(ca.scalar()), content(k256.scalar()));
    }
  }

  /** A root set of the key vectors, which two other libraries computed. */
  static Generation ofVectors(JsonNode root) {
    return new Generation(
        Bytes.fromHex(root.get("root_ca").get("scalar").stringValue()),
        Bytes.fromHex(root.get("root_k256").get("scalar").stringValue()));
  }

  static JsonNode vectors(int root) {
    return Vectors.json("keys.json").get("roots").get(root);
  }

  RootIdentity identity() {
    try (P256PrivateKey ca = P256PrivateKey.ofScalar(secret(caScalar));
        Secp256k1PrivateKey k256 = k256()) {
      return new RootIdentity(ca.publicKey(), k256.publicKey());
    }
  }

  Secp256k1PrivateKey k256() {
    return Secp256k1PrivateKey.ofScalar(secret(k256Scalar));
  }

  /** A complete set with these roots and certificates for them. */
  void material(Consumer<KeyMaterial> use) {
    CertificateIssuer issuer =
        new CertificateIssuer(new Certificates(InstantSource.system()), FakeQuotes.none(), false);
    try (SigningKeys fresh = SigningKeys.generate(RANDOM);
        P256PrivateKey root = P256PrivateKey.ofScalar(secret(caScalar))) {
      SigningKeys keys = new SigningKeys(root, fresh.tmpCa(), fresh.rpc());
      CertificateSet certificates = issuer.issue(keys, DOMAIN);
      KeySet set =
          new KeySet(
              keys.rootCa().pkcs8Pem(),
              keys.tmpCa().pkcs8Pem(),
              keys.rpc().pkcs8Pem(),
              secret(k256Scalar));
      try (KeyMaterial material =
          new KeyMaterial(set, certificates, DOMAIN.text(), Optional.empty())) {
        use.accept(material);
      }
    }
  }

  static Secret secret(Bytes content) {
    return Secret.takeOver(content.toArray());
  }

  private static Bytes content(Secret secret) {
    try (secret) {
      return secret.expose(Bytes::of);
    }
  }
}
