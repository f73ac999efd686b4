package dstack.kms.attest.nitro;

import dstack.kms.attest.issuer.ChainVerifier;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.SignedPath;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Verifies attestation documents in the order of specification 15 §2; the first failure wins.
 *
 * <p>Stricter than the original: the document's own root must be the pinned one, certificates that
 * name a revocation list must not be on it, the signer must be one for signatures only. Lists are
 * asked for last, when the document is known to be signed by whom it says. Safe for use by many
 * threads.
 */
public final class DocumentVerifier {
  private static final String CHAIN = "Certificate chain verification failed";

  private final NitroTrustAnchor anchor;
  private final ChainVerifier chains;
  private final SignatureVerifier verifier;
  private final InstantSource clock;

  /**
   * A verifier under one root.
   *
   * @param documents where revocation lists come from
   * @param revocation what a missing list means; {@code REQUIRED} wherever keys are released
   */
  public DocumentVerifier(
      NitroTrustAnchor anchor,
      IssuerDocuments documents,
      RevocationRule revocation,
      SignatureVerifier verifier,
      InstantSource clock) {
    this.anchor = anchor;
    this.chains =
        ChainVerifier.of(anchor.anchor(), PathRules.nitro(), documents, revocation, verifier);
    this.verifier = verifier;
    this.clock = clock;
  }

  VerifiedDocument verify(Bytes cose, ModuleKind kind) {
    Instant now = clock.instant();
    CoseSign1 signed = CoseSign1.parse(cose);
    ProtectedHeader.requireEs384(signed.protectedHeader());
    AttestationDocument document = AttestationDocument.parse(signed.payload(), kind);
    Freshness.require(document.madeAt(), now);
    SignedPath path = path(document, now);
    requireSigned(signed, path.key());
    List<String> unchecked = unrevoked(path, now).unchecked();
    requireKind(document, kind);
    return new VerifiedDocument(document, signed.payload(), unchecked);
  }

  private SignedPath path(AttestationDocument document, Instant now) {
    try {
      List<Bytes> bundle = document.cabundle();
      if (!bundle.getFirst().equals(anchor.der())) {
        throw NitroRefusal.ROOT.because("cabundle does not begin with the pinned root");
      }
      return chains.path(
          UnverifiedCertificate.parse(document.certificate()),
          bundle.subList(1, bundle.size()),
          now);
    } catch (RefusalException e) {
      throw e.within(CHAIN);
    }
  }

  private VerifiedChain unrevoked(SignedPath path, Instant now) {
    try {
      return chains.unrevoked(path, now);
    } catch (RefusalException e) {
      throw e.within(CHAIN);
    }
  }

  /** The document's own signature is verified each time and never remembered. */
  private void requireSigned(CoseSign1 signed, VerificationKey key) {
    try {
      if (!(key instanceof P384PublicKey point)) {
        throw NitroRefusal.SIGNER.because("the signer's key is no P-384 key");
      }
      int length = signed.signature().length();
      if (length != EcdsaSignature384.LENGTH) {
        throw NitroRefusal.SIGNATURE.because(
            "Invalid P-384 signature length: " + length + " (expected 96)");
      }
      EcdsaSignature384 signature = new EcdsaSignature384(signed.signature());
      if (!verifier.verifiesP384Sha384(point, signed.signedStructure(), signature)) {
        throw NitroRefusal.SIGNATURE.because("ECDSA signature verification failed");
      }
    } catch (RefusalException e) {
      throw e.within("COSE signature verification failed");
    }
  }

  private static void requireKind(AttestationDocument document, ModuleKind kind) {
    if (kind.isForeign(document.moduleId())) {
      throw NitroRefusal.MODULE.because("the document is of another kind of Nitro module");
    }
  }
}
