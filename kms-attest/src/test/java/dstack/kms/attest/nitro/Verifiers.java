package dstack.kms.attest.nitro;

import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.time.Instant;
import java.time.InstantSource;

/** Verifiers at fixed moments. */
final class Verifiers {
  static final SignatureVerifier SIGNATURES = new KnownSignatures(SignatureVerifiers.named("auto"));

  private Verifiers() {}

  /** Under AWS's root, for archived documents of which the lists are gone. */
  static DocumentVerifier archive(Instant now) {
    return new DocumentVerifier(
        NitroTrustAnchor.aws(),
        new NoIssuerDocuments(),
        RevocationRule.REPORTED,
        SIGNATURES,
        InstantSource.fixed(now));
  }

  /** As a server has it, under the root of the chain. */
  static DocumentVerifier server(ForgedChain chain, IssuerDocuments documents) {
    return server(chain.anchor(), documents);
  }

  static DocumentVerifier server(NitroTrustAnchor anchor, IssuerDocuments documents) {
    return new DocumentVerifier(
        anchor,
        documents,
        RevocationRule.REQUIRED,
        SIGNATURES,
        InstantSource.fixed(ForgedChain.NOW));
  }

  static DocumentVerifier server(ForgedChain chain) {
    return server(chain, new ListsByAddress(chain.lists()));
  }
}
