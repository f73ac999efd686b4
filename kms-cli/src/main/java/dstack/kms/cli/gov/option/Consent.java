package dstack.kms.cli.gov.option;

import dstack.kms.core.refusal.RefusalException;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether somebody agreed to what was shown: by typing it now, or by the option. */
public final class Consent {
  private final Terminal terminal;

  @Option(
      names = {"--yes", "-y"},
      description = "Do not ask: what is shown is agreed to.")
  private boolean yes;

  /** Asks at this terminal. */
  public Consent(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Returns only if somebody agreed.
   *
   * @param question with its mark
   * @param otherwise what is said to have happened if nobody does
   * @param look how the command is only looked at, for whoever has no terminal
   */
  public void require(CommandSpec spec, String question, String otherwise, String look) {
    if (yes) {
      return;
    }
    String answer =
        terminal
            .ask(question + " (y/N) ")
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "there is no terminal to ask at: give --yes, or " + look));
    if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw new RefusalException(GovRefusal.DECLINED, otherwise);
    }
  }
}
