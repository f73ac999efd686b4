package dstack.kms.onboard.testing;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.onboard.setup.SetupRefusal;
import java.util.function.Function;

/** A quote source that answers what the test says. */
public final class FakeQuotes {
  private FakeQuotes() {}

  /** There is no guest agent. */
  public static QuoteSource none() {
    return answering(
        _ -> {
          throw new RefusalException(SetupRefusal.NOT_ALLOWED, "the guest agent cannot be reached");
        });
  }

  /** The bytes of an attestation for each report data. */
  public static QuoteSource answering(Function<ReportData, Bytes> attest) {
    return new QuoteSource() {
      @Override
      public Bytes attest(ReportData reportData) {
        return attest.apply(reportData);
      }

      @Override
      public String vmConfig() {
        return "";
      }
    };
  }
}
