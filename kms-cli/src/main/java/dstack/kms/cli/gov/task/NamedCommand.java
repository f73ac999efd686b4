package dstack.kms.cli.gov.task;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Gives a command that several names share the name and the words of one of them. */
final class NamedCommand {
  private NamedCommand() {}

  /**
   * The command under that name.
   *
   * @param purpose what it does
   * @param last what its last parameter is
   */
  static CommandLine of(Object command, String name, String purpose, String last) {
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    spec.name(name).usageMessage().description(purpose);
    List<PositionalParamSpec> parameters = spec.positionalParameters();
    PositionalParamSpec described =
        PositionalParamSpec.builder(parameters.getLast()).description(last).build();
    spec.remove(parameters.getLast()).addPositional(described);
    return line;
  }
}
