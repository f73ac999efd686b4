package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.KmsOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The contract whose owner changes: an app, else the KMS. */
final class OwnedContract {
  @Mixin private final KmsOption kms;

  @Option(
      names = "--app-id",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "An app's proxy; without it the KMS contract is meant.")
  private @Nullable Address app;

  OwnedContract(Map<String, String> variables) {
    kms = new KmsOption(variables);
  }

  Address address(CommandSpec spec) {
    return app == null ? kms.address(spec) : app;
  }
}
