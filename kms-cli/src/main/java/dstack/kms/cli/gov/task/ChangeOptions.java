package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.Route;
import dstack.kms.cli.gov.option.ModelOptions;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WriteOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of every change of a contract: who sends, or by which model it is proposed. */
final class ChangeOptions {
  @Mixin private final WriteOptions write;
  @Mixin private ModelOptions model;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where a proposal goes; by default proposal-<start of its id>.json.")
  private @Nullable Path out;

  private final SecureRandom random;
  private boolean filesWithoutModel;

  ChangeOptions(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    write = new WriteOptions(variables, terminal);
    this.random = random;
  }

  /** For a command that writes a proposal even if it sends the change by itself. */
  ChangeOptions keepingFiles() {
    filesWithoutModel = true;
    return this;
  }

  WriteOptions write() {
    return write;
  }

  ModelOptions model() {
    return model;
  }

  /** The file that was named. */
  Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  /** Where salts come from. */
  SecureRandom random() {
    return random;
  }

  /** The route of a model; wrong usage if what is asked for fits none, or no model is named. */
  Optional<Route> route(CommandSpec spec) {
    Optional<Route> route = model.route(spec);
    if (route.isPresent() && write.sending().resumption(spec).isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "a proposal is made anew each time: go on with kms gov schedule FILE --resume HASH");
    }
    if (route.isEmpty() && out != null && !filesWithoutModel) {
      throw new ParameterException(
          spec.commandLine(), "--out is of a proposal: give --timelock, --safe or both");
    }
    return route;
  }
}
