package dstack.kms.cli.manual;

import picocli.AutoComplete;
import picocli.CommandLine;

/** Completion scripts: bash as picocli writes it, and the same for zsh by its bashcompinit. */
final class Completion {
  private Completion() {}

  static String bash(CommandLine program) {
    return AutoComplete.bash(program.getCommandName(), program);
  }

  /** A file for {@code fpath}, named {@code _kms}. */
  static String zsh(CommandLine program) {
    return "#compdef "
        + program.getCommandName()
        + "\nautoload -U +X bashcompinit && bashcompinit\n"
        + bash(program);
  }
}
