package dstack.kms.cli.input;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Report data given on the command line: 64 bytes in hexadecimal. */
public final class ReportDataText implements ITypeConverter<ReportData> {
  @Override
  public ReportData convert(String text) {
    Bytes bytes = new HexBytes().convert(text);
    if (bytes.length() != ReportData.LENGTH) {
      throw new TypeConversionException("report data has 64 bytes, not " + bytes.length());
    }
    return new ReportData(bytes);
  }
}
