package dstack.kms.cli.gov.option;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** One value that goes by two names in the environment. */
final class Variables {
  private Variables() {}

  /** The value of whichever is set; wrong usage if both are and differ. */
  static Optional<String> either(
      CommandSpec spec, Map<String, String> variables, String one, String other) {
    Set<String> values = new LinkedHashSet<>();
    Stream.of(one, other)
        .map(variables::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .forEach(values::add);
    if (values.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), one + " and " + other + " differ: unset one of them");
    }
    return values.stream().findFirst();
  }
}
