package dstack.kms.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command in section 1. */
final class ManPage {
  private static final String SECTION = "1";
  private static final List<String> STATUS =
      List.of(
          "0", "Done or accepted.",
          "1", "Refused or failed.",
          "2", "Wrong usage.",
          "3", "A needed service was unreachable; nothing was decided.");

  private final CommandSpec spec;
  private final String version;

  ManPage(CommandSpec spec, String version) {
    this.spec = spec;
    this.version = version;
  }

  /** {@code kms-verify-quote}. */
  static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  String text() {
    Roff page = new Roff();
    page.macro(
        "TH", name(spec).toUpperCase(Locale.ROOT), SECTION, "", "kms " + version, "dstack KMS");
    // Options are long: do not hyphenate, do not fill both margins.
    page.macro("nh").macro("ad", "l");
    page.macro("SH", "NAME").line(name(spec) + " - " + summary(spec));
    synopsis(page);
    page.macro("SH", "DESCRIPTION");
    sentences(spec.usageMessage().description()).forEach(page::line);
    arguments(page);
    options(page);
    subcommands(page);
    page.macro("SH", "EXIT STATUS");
    for (int i = 0; i < STATUS.size(); i += 2) {
      page.macro("TP").bold(STATUS.get(i)).line(STATUS.get(i + 1));
    }
    seeAlso(page);
    return page.toString();
  }

  private void synopsis(Roff page) {
    Help help = spec.commandLine().getHelp();
    String synopsis = help.synopsis(0).strip().replaceAll("\\s+", " ");
    page.macro("SH", "SYNOPSIS").line(synopsis);
  }

  private void arguments(Roff page) {
    List<PositionalParamSpec> visible =
        spec.positionalParameters().stream().filter(each -> !each.hidden()).toList();
    if (!visible.isEmpty()) {
      page.macro("SH", "ARGUMENTS");
      for (PositionalParamSpec argument : visible) {
        item(page, argument.paramLabel(), argument);
      }
    }
  }

  private void options(Roff page) {
    List<OptionSpec> visible = spec.options().stream().filter(each -> !each.hidden()).toList();
    if (!visible.isEmpty()) {
      page.macro("SH", "OPTIONS");
      for (OptionSpec option : visible) {
        boolean takesValue = option.arity().max() > 0;
        String label = takesValue ? " " + option.paramLabel() : "";
        item(page, String.join(", ", option.names()) + label, option);
      }
    }
  }

  private static void item(Roff page, String title, ArgSpec argument) {
    page.macro("TP").bold(title);
    sentences(argument.description()).forEach(page::line);
  }

  private void subcommands(Roff page) {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    page.macro("SH", "COMMANDS");
    for (CommandLine sub : children(spec)) {
      page.macro("TP").bold(name(sub.getCommandSpec()) + "(" + SECTION + ")");
      page.line(summary(sub.getCommandSpec()));
    }
  }

  private void seeAlso(Roff page) {
    List<String> others = new ArrayList<>();
    CommandSpec parent = spec.parent();
    if (parent != null) {
      others.add(name(parent) + "(" + SECTION + ")");
      for (CommandLine sibling : children(parent)) {
        if (!sibling.getCommandSpec().equals(spec)) {
          others.add(name(sibling.getCommandSpec()) + "(" + SECTION + ")");
        }
      }
    }
    if (!others.isEmpty()) {
      page.macro("SH", "SEE ALSO").line(String.join(", ", others));
    }
  }

  /** Each once, under its name. */
  static List<CommandLine> children(CommandSpec spec) {
    return spec.subcommands().values().stream()
        .distinct()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden())
        .toList();
  }

  private static String summary(CommandSpec spec) {
    List<String> lines = sentences(spec.usageMessage().description());
    return lines.isEmpty() ? name(spec) : lines.getFirst().replaceAll("\\.$", "");
  }

  /** Without picocli's escapes of {@code %} and its line breaks. */
  private static List<String> sentences(String... lines) {
    return List.of(lines).stream()
        .map(line -> line.replace("%n", " ").replace("%%", "%").replaceAll("\\s+", " ").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
