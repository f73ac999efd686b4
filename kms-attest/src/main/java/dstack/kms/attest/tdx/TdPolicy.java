package dstack.kms.attest.tdx;

import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.TdReport15;
import dstack.kms.core.refusal.RefusalException;

/**
 * What a trust domain must be beyond a valid quote (specification 11 §9): not debuggable, under
 * Intel's own module, without a service domain. There is no way to switch it off.
 */
final class TdPolicy {
  private static final int DEBUG = 1;

  private TdPolicy() {}

  static void require(TdReport report) {
    if ((report.tdAttributes().at(0) & DEBUG) != 0) {
      throw refusal("Debug mode is not allowed");
    }
    if (!report.mrSignerSeam().isAllZero()) {
      throw refusal("Invalid mr signer seam");
    }
    if (report instanceof TdReport15 report15 && !report15.mrServiceTd().isAllZero()) {
      throw refusal("Invalid mr service td");
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(TdxRefusal.TD_POLICY, text);
  }
}
