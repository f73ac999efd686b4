package dstack.kms.cli.manual;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Completion scripts: bash as picocli writes it, and the same for zsh by its bashcompinit. */
final class Completion {
  private Completion() {}

  static String bash(CommandLine program) {
    return AutoComplete.bash(program.getCommandName(), program);
  }

  /** A file for {@code fpath}, named {@code _kms}; it may also be sourced after compinit. */
  static String zsh(CommandLine program) {
    String name = program.getCommandName();
    // zsh reads the file at the first completion of a session, which is to be answered too.
    return String.format(
        Locale.ROOT,
        """
        #compdef %1$s
        autoload -U +X bashcompinit && bashcompinit
        %2$s
        if [[ ${funcstack[1]:-} = _%1$s ]]; then
          _bash_complete -o default -F _complete_%1$s
        fi
        """,
        name,
        bash(program));
  }
}
