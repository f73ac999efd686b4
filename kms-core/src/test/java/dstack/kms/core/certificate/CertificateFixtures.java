package dstack.kms.core.certificate;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.secret.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A small hierarchy at a fixed point in time. */
final class CertificateFixtures {
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");
  static final Certificates ISSUER = new Certificates(InstantSource.fixed(NOW));
  static final AppId APP = new AppId(Bytes.fromHex("11".repeat(20)));
  static final P256PrivateKey ROOT_KEY = key("a1");
  static final P256PrivateKey TEMP_KEY = key("a2");
  static final P256PrivateKey APP_KEY = key("a3");
  static final P256PublicKey LEAF_KEY = key("a4").publicKey();
  static final CertificateAuthority ROOT = ISSUER.rootCa(ROOT_KEY);
  static final CertificateAuthority TEMP = ISSUER.tempCa(TEMP_KEY);
  static final CertificateAuthority APP_CA = ISSUER.appCa(ROOT, APP_KEY, APP);

  private CertificateFixtures() {}

  static P256PrivateKey key(String octet) {
    try (Secret scalar = KeyVectors.secret(octet.repeat(32))) {
      return P256PrivateKey.ofScalar(scalar);
    }
  }

  static ParsedCertificate parsed(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem));
  }

  static LeafRequest leaf(
      List<String> altNames, @Nullable Instant notBefore, @Nullable Instant notAfter) {
    return new LeafRequest(
        LEAF_KEY,
        APP,
        "Acme",
        "leaf.example.com",
        altNames,
        true,
        true,
        null,
        null,
        notBefore,
        notAfter);
  }
}
