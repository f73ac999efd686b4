package dstack.kms.bench;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Verification of a real quote, cold and warm, beside the signature checks it cannot avoid. */
@State(Scope.Benchmark)
public class QuoteBench {
  /** Distinct signatures between Intel's root and a quote (specification 41 §4, rows 1 to 10). */
  private static final int COLD_SIGNATURES = 9;

  @Param({"ACCP", "BC"})
  public String provider = "ACCP";

  private SignatureVerifier verifier = SignatureVerifiers.named("BC");
  private QuoteVerifier warm = new QuoteVerifier(TdxTrustAnchor.intel(), verifier);
  private QuoteSample sample = QuoteSample.read();
  private SignatureSample[] signatures = {};

  @Setup
  public void prepare() {
    verifier = SignatureVerifiers.named(provider);
    warm = new QuoteVerifier(TdxTrustAnchor.intel(), verifier);
    sample = QuoteSample.read();
    warm.verify(sample.quote(), sample.collateral(), sample.now());
    signatures = new SignatureSample[COLD_SIGNATURES];
    for (int i = 0; i < signatures.length; i++) {
      signatures[i] = SignatureSample.make();
    }
  }

  @Benchmark
  public VerifiedQuote cold() {
    QuoteVerifier fresh = new QuoteVerifier(TdxTrustAnchor.intel(), verifier);
    return fresh.verify(sample.quote(), sample.collateral(), sample.now());
  }

  @Benchmark
  public VerifiedQuote warm() {
    return warm.verify(sample.quote(), sample.collateral(), sample.now());
  }

  @Benchmark
  public boolean coldFloor() {
    return SignatureSample.allVerify(List.of(signatures), verifier);
  }

  @Benchmark
  @OperationsPerInvocation(1)
  public boolean warmFloor() {
    return signatures[0].verifies(verifier);
  }
}
