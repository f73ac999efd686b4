package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which DstackKms is meant. There is no default. */
public final class KmsOption {
  private final Map<String, String> variables;

  @Option(
      names = "--kms",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "The KMS contract; else KMS_CONTRACT_ADDR or KMS_CONTRACT_ADDRESS.")
  private @Nullable Address kms;

  /** Looks at these variables when the option is missing. */
  public KmsOption(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The contract, if one was named; two variables that differ are wrong usage. */
  public Optional<Address> address(CommandSpec spec) {
    if (kms != null) {
      return Optional.of(kms);
    }
    Optional<Address> one = variable("KMS_CONTRACT_ADDR");
    Optional<Address> other = variable("KMS_CONTRACT_ADDRESS");
    if (one.isPresent() && other.isPresent() && !one.equals(other)) {
      throw new ParameterException(
          spec.commandLine(), "KMS_CONTRACT_ADDR and KMS_CONTRACT_ADDRESS differ: unset one");
    }
    return one.or(() -> other);
  }

  private Optional<Address> variable(String name) {
    return Optional.ofNullable(variables.get(name))
        .filter(text -> !text.isEmpty())
        .map(Address::parse);
  }
}
