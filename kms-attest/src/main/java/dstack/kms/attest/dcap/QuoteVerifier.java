package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralCheck;
import dstack.kms.attest.quote.QuoteSignatureData;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.attest.x509.RememberedSignatures;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.Optional;

/**
 * Verifies quotes: the steps of specification 11 §6 in their order, which decides the refusal.
 *
 * <p>What depends on the collateral and the platform alone is checked once and kept while it holds;
 * the signature of the quote is checked every time. Safe for use by many threads.
 */
public final class QuoteVerifier {
  private static final Bytes UNCOMPRESSED = Bytes.of(new byte[] {4});

  private final SignatureVerifier verifier;
  private final SignatureVerifier remembered;
  private final CheckedParts parts;
  private final TdxTrustAnchor anchor;

  /** A verifier under one trust anchor (step 1) with one implementation of ECDSA. */
  public QuoteVerifier(TdxTrustAnchor anchor, SignatureVerifier verifier) {
    this.anchor = anchor;
    this.verifier = verifier;
    this.remembered = new RememberedSignatures(verifier);
    this.parts = new CheckedParts(anchor, remembered);
  }

  /**
   * Verifies a quote at one instant.
   *
   * @throws RefusalException with the text of the first step that fails
   */
  public VerifiedQuote verify(Bytes rawQuote, Collateral collateral, Instant now) {
    // Steps 2 and 3: the anchor is not revoked, the lists and the quote parse.
    Revocation revocation = parts.revocation(collateral, now);
    UnverifiedQuote quote = decode(rawQuote);
    QuoteSignatureData data = quote.signatureData();
    // Step 4: the header asks for what is supported.
    TeeType tee = HeaderRules.require(quote.header());
    // Steps 5 and 6: Intel signed the TCB info and it is in force.
    VerifiedTcbInfo tcbInfo = parts.tcbInfo(revocation, collateral, now);
    // Step 7: Intel signed the QE identity, it is in force and for this environment.
    VerifiedQeIdentity qeIdentity = parts.qeIdentity(revocation, collateral, now);
    qeIdentity.requireFor(tee);
    // Step 8: Intel certified the platform and did not revoke it.
    VerifiedPck pck = parts.pck(revocation, collateral, data.certification(), now);
    // Steps 9 and 10: the platform signed the QE's report, which names the attestation key.
    QuotingEnclave qe = QuotingEnclave.require(data, pck.key(), remembered);
    // Step 11: the QE is Intel's.
    TcbVerdict qeVerdict = qe.verdictUnder(qeIdentity.content());
    // Step 12: the attestation key signed the quote.
    requireQuoteSignature(quote);
    // Steps 13 and 14: how current the platform and its TDX module are.
    PlatformTcb platform =
        PlatformTcb.require(tcbInfo.content(), tee, quote.report(), pck.platform());
    // Steps 15 and 16: all together, and not revoked.
    TcbVerdict verdict = platform.verdict().mergedWith(qeVerdict);
    requireNotRevoked(verdict);
    // Step 17: the workload runs as it must.
    AttributeRules.require(quote.report());
    return new VerifiedQuote(
        quote,
        tee,
        pck.platform(),
        platform,
        qeVerdict,
        verdict,
        tcbInfo.content().tcbEvaluationDataNumber(),
        revocation.window().and(tcbInfo.window()).and(qeIdentity.window()).and(pck.window()));
  }

  /** Checks collateral on its own; what it finds good is warm for the quotes that follow. */
  public CollateralCheck collateralCheck() {
    return new CollateralVerifier(anchor, parts);
  }

  private static UnverifiedQuote decode(Bytes rawQuote) {
    try {
      return UnverifiedQuote.parse(rawQuote);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to decode quote");
    }
  }

  private void requireQuoteSignature(UnverifiedQuote quote) {
    QuoteSignatureData data = quote.signatureData();
    Optional<P256PublicKey> key =
        P256PublicKey.fromPoint(Bytes.concat(UNCOMPRESSED, data.attestationKey()));
    if (key.isEmpty()
        || !verifier.verifiesP256Sha256(key.get(), quote.signedPart(), data.signature())) {
      throw DcapRefusal.QUOTE_SIGNATURE.refuse("ISV enclave report signature is invalid");
    }
  }

  private static void requireNotRevoked(TcbVerdict verdict) {
    if (verdict.status() == TcbStatus.REVOKED) {
      throw DcapRefusal.TCB_REVOKED.refuse("TCB status is invalid: Revoked");
    }
  }
}
