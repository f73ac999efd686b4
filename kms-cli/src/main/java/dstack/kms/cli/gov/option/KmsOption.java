package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Which DstackKms is meant. There is no default. */
public final class KmsOption {
  private static final String ONE = "KMS_CONTRACT_ADDR";
  private static final String OTHER = "KMS_CONTRACT_ADDRESS";

  private final Map<String, String> variables;

  @Option(
      names = "--kms",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The DstackKms proxy; else " + ONE + " or " + OTHER + ".")
  private @Nullable Address kms;

  /** Looks at these variables where the option is missing. */
  public KmsOption(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The contract; wrong usage if none was named, or two different ones. */
  public Address address(CommandSpec spec) {
    return find(spec)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "name the KMS contract: --kms or " + ONE));
  }

  /** The contract, if one was named; wrong usage if the variables name two. */
  public Optional<Address> find(CommandSpec spec) {
    if (kms != null) {
      return Optional.of(kms);
    }
    Optional<Address> one = variable(spec, ONE);
    Optional<Address> other = variable(spec, OTHER);
    if (one.isPresent() && other.isPresent() && !one.equals(other)) {
      throw new ParameterException(
          spec.commandLine(), ONE + " and " + OTHER + " differ: unset one of them");
    }
    return one.or(() -> other);
  }

  private Optional<Address> variable(CommandSpec spec, String name) {
    String text = variables.getOrDefault(name, "").strip();
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(new AddressText().convert(text));
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), name + ": " + e.getMessage(), e);
    }
  }
}
