package dstack.kms.acceptance.docs;

import dstack.kms.testkit.docs.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A block as what is typed and what is answered. */
final class Dialogue {
  private static final String ANYTHING = "…";

  private Dialogue() {}

  /**
   * Commands that are typed together.
   *
   * @param shown what the page has as their answer; empty where it shows none
   */
  record Line(String typed, Optional<String> shown) {}

  /** The whole block if it has no prompts, else one element for each. */
  static List<Line> of(Page.Block block) {
    if (!block.hasPrompts()) {
      return List.of(new Line(block.typed(), Optional.empty()));
    }
    List<Line> lines = new ArrayList<>();
    StringBuilder typed = new StringBuilder();
    StringBuilder shown = new StringBuilder();
    for (String line : block.body().lines().toList()) {
      if (line.startsWith("$ ")) {
        add(lines, typed, shown);
        typed.append(line.substring(2)).append('\n');
      } else if (typed.toString().endsWith("\\\n") && shown.isEmpty()) {
        typed.append(line).append('\n');
      } else {
        shown.append(line).append('\n');
      }
    }
    add(lines, typed, shown);
    return lines;
  }

  /** Its lines, those that a backslash continues as one. */
  static List<String> commands(String typed) {
    return Pattern.compile("(?<!\\\\)\n")
        .splitAsStream(typed)
        .filter(each -> !each.isBlank())
        .toList();
  }

  private static void add(List<Line> lines, StringBuilder typed, StringBuilder shown) {
    if (!typed.isEmpty()) {
      lines.add(
          new Line(
              typed.toString(),
              Optional.of(shown.toString().stripTrailing()).filter(text -> !text.isEmpty())));
    }
    typed.setLength(0);
    shown.setLength(0);
  }

  /**
   * Whether the page shows what was printed. An ellipsis stands for anything within a line, on a
   * line of its own for any number of lines.
   */
  static boolean shows(String page, String printed) {
    String pattern =
        page.stripTrailing()
            .lines()
            .map(line -> line.strip().equals(ANYTHING) ? "(?s:.*)" : line(line.stripTrailing()))
            .collect(Collectors.joining("\n"))
            .replace("\n(?s:.*)", "(?s:(?:\n.*)?)")
            .replace("(?s:.*)\n", "(?s:(?:.*\n)?)");
    String shown = printed.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
    return Pattern.matches(pattern, shown);
  }

  private static String line(String line) {
    return Pattern.compile(ANYTHING)
        .splitAsStream(line + "\u0000")
        .map(part -> Pattern.quote(part.replace("\u0000", "")))
        .collect(Collectors.joining("[^\n]*"));
  }
}
