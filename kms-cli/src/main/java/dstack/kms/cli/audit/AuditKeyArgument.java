package dstack.kms.cli.audit;

import dstack.kms.cli.input.HexBytes;
import dstack.kms.core.audit.AuditPublicKey;
import dstack.kms.core.crypto.P256PublicKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A log's key given on the command line: its public key info, 91 bytes in hexadecimal. */
final class AuditKeyArgument implements ITypeConverter<AuditPublicKey> {
  @Override
  public AuditPublicKey convert(String text) {
    return P256PublicKey.fromSubjectPublicKeyInfo(new HexBytes().convert(text))
        .map(AuditPublicKey::new)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected the public key info of a P-256 key, 91 bytes in hexadecimal"));
  }
}
