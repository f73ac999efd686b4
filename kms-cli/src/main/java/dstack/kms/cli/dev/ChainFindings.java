package dstack.kms.cli.dev;

import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.List;
import java.util.Optional;

/** Verifies a certificate that SignCert issued up to the root. */
record ChainFindings(String rootPem) {
  void verify(Findings findings, List<String> chain, P256PrivateKey key) {
    findings.require(
        "the signed chain is leaf, app CA and root",
        chain.size() == 3 && chain.get(2).equals(rootPem));
    ParsedCertificate leaf = DevCheck.certificate(chain.get(0));
    ParsedCertificate appCa = DevCheck.certificate(chain.get(1));
    ParsedCertificate root = DevCheck.certificate(rootPem);
    findings.require("each is signed by the next", isSigned(leaf, appCa) && isSigned(appCa, root));
    findings.require(
        "the leaf is for the key that asked",
        leaf.spki().equals(key.publicKey().subjectPublicKeyInfo()));
    findings.require(
        "its usage is app:custom",
        new KmsExtensions(leaf).specialUsage().equals(Optional.of("app:custom")));
  }

  /** Whether the one's key signed the other and the names fit. */
  static boolean isSigned(ParsedCertificate certificate, ParsedCertificate issuer) {
    SignatureVerifier verifier = SignatureVerifiers.named("BC");
    return certificate.issuer().equals(issuer.subject())
        && P256PublicKey.fromSubjectPublicKeyInfo(issuer.spki())
            .filter(key -> certificate.isSignedBy(key, verifier))
            .isPresent();
  }
}
