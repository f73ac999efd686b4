package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;

/** A TD report as a quote carries it: 584 bytes, or 648 in TD 1.5. */
public record TdReport(Bytes bytes) {
  /** Length of a TD 1.0 report. */
  static final int LENGTH_10 = 584;

  /** Length of a TD 1.5 report. */
  static final int LENGTH_15 = 648;

  /** Only SEPT_VE_DISABLE is set, as verifiers demand. */
  private static final Bytes TD_ATTRIBUTES = Bytes.fromHex("0000001000000000");

  private static final Bytes XFAM = Bytes.fromHex("e702060000000000");

  /** A report of a TD that is as it should be, its measurements still zero. */
  public static TdReport blank() {
    return new TdReport(Bytes.zeros(LENGTH_10))
        .with(TdReportField.TD_ATTRIBUTES, TD_ATTRIBUTES)
        .with(TdReportField.XFAM, XFAM);
  }

  /** The same report with that field replaced. */
  public TdReport with(TdReportField field, Bytes value) {
    return new TdReport(FixedLayout.with(bytes, field, value));
  }

  /** The field's bytes. */
  public Bytes get(TdReportField field) {
    return FixedLayout.get(bytes, field);
  }

  /** The same report in the longer form of TD 1.5, without a service TD. */
  public TdReport asTd15() {
    Bytes svn2 = get(TdReportField.TEE_TCB_SVN);
    return new TdReport(bytes.paddedTo(LENGTH_15)).with(TdReportField.TEE_TCB_SVN2, svn2);
  }
}
