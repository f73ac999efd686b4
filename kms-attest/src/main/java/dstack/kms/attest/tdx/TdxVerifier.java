package dstack.kms.attest.tdx;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.eventlog.EventLogConsistency;
import dstack.kms.attest.eventlog.PreimageRules;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.InstantSource;
import java.util.List;

/**
 * Verifies the evidence of Intel TDX guests in the order of specification 10 §7: the quote up to
 * Intel's root, the policy on trust domains, the runtime register, the report data, the log.
 */
public final class TdxVerifier implements PlatformVerifier<TdxEvidence> {
  private static final int RUNTIME_REGISTER = 3;

  private final QuoteVerifier quoteVerifier;
  private final CollateralSource collateralSource;
  private final InstantSource clock;

  /** A verifier under the anchor of the quote verifier. */
  public TdxVerifier(
      QuoteVerifier quoteVerifier, CollateralSource collateralSource, InstantSource clock) {
    this.quoteVerifier = quoteVerifier;
    this.collateralSource = collateralSource;
    this.clock = clock;
  }

  @Override
  public VerifiedTdx verify(TdxEvidence evidence, Claims claims) {
    RuntimeEvents events = claims.runtimeEvents();
    VerifiedQuote quote = verifyQuote(evidence.quote());
    TdReport report = requireTdReport(quote);
    TdPolicy.require(report);
    requireRuntimeRegister(report, events);
    requireReportData(report, claims.reportData());
    requirePreimages(evidence.eventLog(), events);
    requireConsistentLog(evidence.eventLog(), events, report);
    return new VerifiedTdx(quote, report, evidence.eventLog(), claims);
  }

  private VerifiedQuote verifyQuote(Bytes raw) {
    try {
      Collateral collateral = collateralSource.collateralFor(parse(raw));
      return quoteVerifier.verify(raw, collateral, clock.instant());
    } catch (RefusalException e) {
      throw e.within("failed to verify TDX quote");
    }
  }

  private static UnverifiedQuote parse(Bytes raw) {
    try {
      return UnverifiedQuote.parse(raw);
    } catch (RefusalException e) {
      throw e.within("Failed to parse quote");
    }
  }

  private static TdReport requireTdReport(VerifiedQuote quote) {
    if (quote.report() instanceof TdReport report) {
      return report;
    }
    throw new RefusalException(TdxRefusal.NO_TD_REPORT, "no td report");
  }

  private static void requireRuntimeRegister(TdReport report, RuntimeEvents events) {
    Bytes quoted = report.rtMrs().get(RUNTIME_REGISTER);
    Bytes replayed = events.replaySha384();
    if (!quoted.equals(replayed)) {
      throw new RefusalException(
          TdxRefusal.RUNTIME_REGISTER,
          "RTMR3 mismatch, quoted: " + quoted + ", replayed: " + replayed);
    }
  }

  private static void requireReportData(TdReport report, ReportData claimed) {
    if (!report.reportData().equals(claimed.value())) {
      throw new RefusalException(TdxRefusal.QUOTED_REPORT_DATA, "tdx report_data mismatch");
    }
  }

  private static void requirePreimages(List<TdxEvent> log, RuntimeEvents events) {
    try {
      PreimageRules.check(log, events);
    } catch (RefusalException e) {
      throw e.within("Failed to validate TDX V2 event digest preimages");
    }
  }

  private static void requireConsistentLog(
      List<TdxEvent> log, RuntimeEvents events, TdReport report) {
    EventLogConsistency.checkRuntimeEvents(log, events);
    for (int register = 0; register < RUNTIME_REGISTER; register++) {
      EventLogConsistency.checkBootRegister(log, register, report.rtMrs().get(register));
    }
  }
}
