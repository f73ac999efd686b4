package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;

/** Replaces fields inside a report of fixed layout. */
final class FixedLayout {
  private FixedLayout() {}

  static Bytes with(Bytes report, ReportField field, Bytes value) {
    int end = field.offset() + field.length();
    if (value.length() != field.length() || end > report.length()) {
      throw new IllegalArgumentException(
          field + " has " + field.length() + " bytes, not " + value.length());
    }
    return Bytes.concat(report.slice(0, field.offset()), value, report.slice(end, report.length()));
  }

  static Bytes get(Bytes report, ReportField field) {
    return report.slice(field.offset(), field.offset() + field.length());
  }
}
