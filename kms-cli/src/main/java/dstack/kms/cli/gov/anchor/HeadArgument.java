package dstack.kms.cli.gov.anchor;

import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.bytes.Bytes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A line of an audit log by its number and its hash, as {@code kms audit head} prints it. */
final class HeadArgument implements ITypeConverter<AuditHead> {
  @Override
  public AuditHead convert(String text) {
    if (!text.matches("[0-9]{1,18}:(0x)?[0-9a-fA-F]{64}")) {
      throw new TypeConversionException("expected NUMBER:HASH, the hash as 64 hexadecimal digits");
    }
    String hash = text.substring(text.length() - 64);
    return new AuditHead(Long.parseLong(text.substring(0, text.indexOf(':'))), Bytes.fromHex(hash));
  }
}
