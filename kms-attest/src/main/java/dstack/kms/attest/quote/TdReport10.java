package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** A trust domain's report in the layout of TDX 1.0, 584 bytes (specification 11 §2). */
public record TdReport10(
    Bytes teeTcbSvn,
    Bytes mrSeam,
    Bytes mrSignerSeam,
    Bytes seamAttributes,
    Bytes tdAttributes,
    Bytes xfam,
    Bytes mrTd,
    Bytes mrConfigId,
    Bytes mrOwner,
    Bytes mrOwnerConfig,
    List<Bytes> rtMrs,
    Bytes reportData)
    implements TdReport {
  /** Length in bytes. */
  public static final int LENGTH = 584;

  /** Copies the list of registers. */
  public TdReport10 {
    rtMrs = List.copyOf(rtMrs);
  }

  static TdReport10 read(QuoteReader in) {
    return new TdReport10(
        in.bytes(16),
        in.bytes(48),
        in.bytes(48),
        in.bytes(8),
        in.bytes(8),
        in.bytes(8),
        in.bytes(48),
        in.bytes(48),
        in.bytes(48),
        in.bytes(48),
        List.of(in.bytes(48), in.bytes(48), in.bytes(48), in.bytes(48)),
        in.bytes(64));
  }
}
