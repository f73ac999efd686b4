package dstack.kms.attest.verify;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.eventlog.EventLogConsistency;
import dstack.kms.attest.eventlog.PreimageRules;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.InstantSource;
import java.util.List;

/** The steps for Intel TDX, in the order of specification 10 §7. */
final class TdxLadder {
  private static final int RUNTIME_REGISTER = 3;

  private final QuoteVerifier quoteVerifier;
  private final CollateralSource collateralSource;
  private final InstantSource clock;

  TdxLadder(QuoteVerifier quoteVerifier, CollateralSource collateralSource, InstantSource clock) {
    this.quoteVerifier = quoteVerifier;
    this.collateralSource = collateralSource;
    this.clock = clock;
  }

  VerifiedTdx climb(TdxEvidence evidence, RuntimeEvents events, ReportData reportData) {
    VerifiedQuote quote = verifyQuote(evidence.quote());
    TdReport report = requireTdReport(quote);
    TdPolicy.require(report);
    requireRuntimeRegister(report, events);
    requireReportData(report, reportData);
    requirePreimages(evidence.eventLog(), events);
    requireConsistentLog(evidence.eventLog(), events, report);
    return new VerifiedTdx(quote, report);
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
    throw new RefusalException(VerifyRefusal.NO_TD_REPORT, "no td report");
  }

  private static void requireRuntimeRegister(TdReport report, RuntimeEvents events) {
    Bytes quoted = report.rtMrs().get(RUNTIME_REGISTER);
    Bytes replayed = events.replaySha384();
    if (!quoted.equals(replayed)) {
      throw new RefusalException(
          VerifyRefusal.RUNTIME_REGISTER,
          "RTMR3 mismatch, quoted: " + quoted + ", replayed: " + replayed);
    }
  }

  private static void requireReportData(TdReport report, ReportData claimed) {
    if (!report.reportData().equals(claimed.value())) {
      throw new RefusalException(VerifyRefusal.QUOTED_REPORT_DATA, "tdx report_data mismatch");
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
