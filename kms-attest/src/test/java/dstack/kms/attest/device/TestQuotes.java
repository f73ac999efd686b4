package dstack.kms.attest.device;

import dstack.kms.attest.forged.Quotes;
import dstack.kms.core.bytes.Bytes;

/** Quotes of a trust domain that parse, and that no verifier accepts. */
public final class TestQuotes {
  private static final int REPORT_DATA_IN_BODY = 520;

  private TestQuotes() {}

  /** A quote over these 64 bytes. */
  public static byte[] over(byte[] reportData) {
    Quotes quote = new Quotes(Bytes.zeros(600));
    System.arraycopy(reportData, 0, quote.body, REPORT_DATA_IN_BODY, reportData.length);
    return quote.bytes().toArray();
  }
}
