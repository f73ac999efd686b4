package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.QuoteReport;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.attest.x509.PckExtension;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A quote that an enclave of Intel's signed on a platform of Intel's, with what Intel says about
 * how current they are. Only {@link QuoteVerifier} makes one.
 *
 * <p>Every status but {@code Revoked} gets here; whether it is good enough is for the policy.
 */
public final class VerifiedQuote {
  private final UnverifiedQuote quote;
  private final TeeType teeType;
  private final PckExtension platform;
  private final PlatformTcb platformTcb;
  private final TcbVerdict qeVerdict;
  private final TcbVerdict verdict;
  private final long tcbEvaluationDataNumber;
  private final ValidityWindow window;

  VerifiedQuote(
      UnverifiedQuote quote,
      TeeType teeType,
      PckExtension platform,
      PlatformTcb platformTcb,
      TcbVerdict qeVerdict,
      TcbVerdict verdict,
      long tcbEvaluationDataNumber,
      ValidityWindow window) {
    this.quote = quote;
    this.teeType = teeType;
    this.platform = platform;
    this.platformTcb = platformTcb;
    this.qeVerdict = qeVerdict;
    this.verdict = verdict;
    this.tcbEvaluationDataNumber = tcbEvaluationDataNumber;
    this.window = window;
  }

  /** All bytes of the quote, unsigned padding included. */
  public Bytes raw() {
    return quote.raw();
  }

  /** The kind of environment. */
  public TeeType teeType() {
    return teeType;
  }

  /** What the quote says about the workload. */
  public QuoteReport report() {
    return quote.report();
  }

  /** The overall status: the most severe of platform, module and quoting enclave. */
  public TcbStatus status() {
    return verdict.status();
  }

  /** The advisories behind the overall status, each once, in the order of the original. */
  public List<String> advisoryIds() {
    return verdict.advisoryIds();
  }

  /** The verdict on platform and TDX module together. */
  public TcbVerdict platformVerdict() {
    return platformTcb.verdict();
  }

  /** The verdict on the platform's TCB level alone. */
  public TcbVerdict platformLevelVerdict() {
    return platformTcb.level();
  }

  /** The verdict on the TDX module; empty for SGX and where Intel lists no releases of it. */
  public Optional<TcbVerdict> moduleVerdict() {
    return platformTcb.module();
  }

  /** The verdict on the quoting enclave. */
  public TcbVerdict qeVerdict() {
    return qeVerdict;
  }

  /**
   * The overall status under Intel's convergence, which is {@code OutOfDateConfigurationNeeded}
   * where one part is out of date and another needs configuration. Never reported as {@link
   * #status()}.
   */
  public TcbStatus convergedStatus() {
    TcbStatus platformAndModule =
        platformTcb
            .module()
            .map(module -> platformTcb.level().status().convergedWith(module.status()))
            .orElse(platformTcb.level().status());
    return platformAndModule.convergedWith(qeVerdict.status());
  }

  /** The platform's identifier from its PCK certificate. */
  public Bytes ppid() {
    return platform.ppid();
  }

  /** The platform's family, 6 bytes. */
  public Bytes fmspc() {
    return platform.fmspc();
  }

  /** The number of Intel's TCB recovery event that the TCB info knows. */
  public long tcbEvaluationDataNumber() {
    return tcbEvaluationDataNumber;
  }

  /** The seconds in which the same quote with the same collateral verifies alike. */
  public ValidityWindow window() {
    return window;
  }
}
