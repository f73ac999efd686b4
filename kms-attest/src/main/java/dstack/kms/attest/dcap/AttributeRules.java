package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.QuoteReport;
import dstack.kms.attest.quote.SgxReport;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.TdReport10;
import dstack.kms.attest.quote.TdReport15;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteOrder;

/**
 * Step 17: the workload cannot be debugged, has no service domain and no attribute that is not
 * understood.
 */
final class AttributeRules {
  private static final int DEBUG = 0;
  private static final int SEPT_VE_DISABLE = 28;
  private static final int PROTECTION_KEYS = 30;
  private static final int KEY_LOCKER = 31;

  /**
   * The bits that may be set. Bit 63 (PERFMON) is not among them, as in the original: performance
   * counters leak through side channels. Nor is bit 39, which the original overlooks.
   */
  private static final long ALLOWED =
      1L << SEPT_VE_DISABLE | 1L << PROTECTION_KEYS | 1L << KEY_LOCKER;

  private static final int FIRST_BYTE = 0xff;

  private AttributeRules() {}

  static void require(QuoteReport report) {
    switch (report) {
      case SgxReport sgx -> {
        if (sgx.isDebug()) {
          throw DcapRefusal.ATTRIBUTES.refuse("Debug mode is enabled");
        }
      }
      case TdReport10 td -> requireTdAttributes(td);
      case TdReport15 td -> {
        if (!td.mrServiceTd().isAllZero()) {
          throw DcapRefusal.ATTRIBUTES.refuse("Invalid MR service TD");
        }
        requireTdAttributes(td);
      }
    }
  }

  private static void requireTdAttributes(TdReport report) {
    long attributes = littleEndian(report.tdAttributes());
    if ((attributes & FIRST_BYTE & ~(1L << DEBUG)) != 0) {
      throw reservedBits();
    }
    if ((attributes & 1L << DEBUG) != 0) {
      throw DcapRefusal.ATTRIBUTES.refuse("Debug mode is enabled");
    }
    if ((attributes & ~ALLOWED) != 0) {
      throw reservedBits();
    }
    if ((attributes & 1L << SEPT_VE_DISABLE) == 0) {
      throw DcapRefusal.ATTRIBUTES.refuse("SEPT_VE_DISABLE is not enabled");
    }
  }

  private static RefusalException reservedBits() {
    return DcapRefusal.ATTRIBUTES.refuse("Reserved bits in TD attributes are set");
  }

  private static long littleEndian(Bytes eight) {
    return eight.buffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
