package dstack.kms.attest.dcap;

import dstack.kms.attest.x509.PathValidator;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** The part of steps 5 and 7 that is the same for both documents: signer's path, signature. */
final class DocumentSigner {
  /** The subject of the certificate with which Intel signs both documents. */
  private static final String INTEL_SIGNER = "Intel SGX TCB Signing";

  private static final int MIN_SIGNATURE = 32;

  private final TdxTrustAnchor anchor;
  private final SignatureVerifier verifier;

  DocumentSigner(TdxTrustAnchor anchor, SignatureVerifier verifier) {
    this.anchor = anchor;
    this.verifier = verifier;
  }

  /** The words and the code with which one of the two documents refuses. */
  record Texts(String name, String field, DcapRefusal refusal) {}

  /** The signer's certificate, if its path holds and it signed the document. */
  VerifiedCertificate require(
      String chain, String document, Bytes signature, PathValidator paths, Texts texts) {
    List<Bytes> certificates = PemChain.split(chain);
    if (certificates.isEmpty()) {
      throw texts.refusal.refuse("Certificate chain is too short for " + texts.name);
    }
    VerifiedCertificate signer =
        Paths.verify(paths, certificates, "Failed to parse " + texts.name + " leaf certificate");
    requireName(signer.certificate(), texts);
    if (signature.length() < MIN_SIGNATURE) {
      throw texts.refusal.refuse("Invalid key length");
    }
    if (signature.length() != EcdsaSignature.LENGTH
        || !verifier.verifiesP256Sha256(
            signer.p256Key(), Bytes.utf8(document), new EcdsaSignature(signature))) {
      throw texts.refusal.refuse(
          "Signature is invalid for " + texts.field + " in quote_collateral");
    }
    return signer;
  }

  private void requireName(UnverifiedCertificate signer, Texts texts) {
    String name = signer.subject().commonName();
    if (anchor.isIntel() && !name.equals(INTEL_SIGNER)) {
      throw new RefusalException(
              texts.refusal, "expected subject " + INTEL_SIGNER, "subject is " + name)
          .within(Paths.CONTEXT);
    }
  }
}
