package dstack.kms.cli.fetch;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.RpcUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The base URL of a KMS; {@code /prpc} is added unless it ends with it. */
final class KmsAddress implements ITypeConverter<RpcUrl> {
  @Override
  public RpcUrl convert(String text) {
    try {
      return RpcUrl.ofKms(text.strip());
    } catch (RefusalException e) {
      throw new TypeConversionException(e.text());
    }
  }
}
