package dstack.kms.testkit.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a test does with a block: a remark on the line before its fence, which readers of the page
 * do not see. A shell block without one is a mistake, so that nothing stays unrun by oversight.
 */
public sealed interface Mark {
  /** Before a block that is the answer to the one before it; {@code …} stands for anything. */
  String OUTPUT = "<!-- output -->";

  /** Before a block that nobody could run where the page was written. */
  String ELSEWHERE = "<!-- not run: needs a cloud, a cluster or a container engine -->";

  /** Before a block of nothing but variables to which readers give values of their own. */
  String YOURS = "<!-- yours -->";

  /** Is run; every command must end well, the last one with that status. */
  record Run(int status) implements Mark {}

  /** Is run like {@link Run}, after what runs in the background was ended. */
  record Interrupt() implements Mark {}

  /** Is run at a terminal, where every question is answered so. */
  record Answered(String answer) implements Mark {}

  /** Is started, and goes on beside the following blocks once it has printed that text. */
  record Background(String until) implements Mark {}

  /** Is an answer. */
  record Output() implements Mark {}

  /** Sets variables, of which the test has the values. */
  record Yours() implements Mark {}

  /** Becomes that file in the reader's folder, or its end. */
  record Written(String file, boolean appended) implements Mark {}

  /** Is run by that test class or that file of the project instead. */
  record By(String name) implements Mark {}

  /** Is not run. */
  record Elsewhere() implements Mark {}

  /** No remark at all. */
  record None() implements Mark {}

  /** The mark of a block. */
  static Mark parse(String where, String remark) {
    return switch (remark) {
      case "" -> new None();
      case OUTPUT -> new Output();
      case ELSEWHERE -> new Elsewhere();
      case YOURS -> new Yours();
      case "<!-- run -->" -> new Run(0);
      case "<!-- run: after Ctrl-C -->" -> new Interrupt();
      default -> withWords(where, remark);
    };
  }

  private static Mark withWords(String where, String remark) {
    Matcher exit = Pattern.compile("<!-- run: exit ([1-9]\\d?) -->").matcher(remark);
    if (exit.matches()) {
      return new Run(Integer.parseInt(exit.group(1)));
    }
    Matcher answered = Pattern.compile("<!-- run: answering \"([a-z]+)\" -->").matcher(remark);
    if (answered.matches()) {
      return new Answered(answered.group(1));
    }
    Matcher background =
        Pattern.compile("<!-- run: background until \"([^\"']+)\" -->").matcher(remark);
    if (background.matches()) {
      return new Background(background.group(1));
    }
    Matcher by = Pattern.compile("<!-- run by ([A-Za-z0-9_./]+) -->").matcher(remark);
    if (by.matches()) {
      return new By(by.group(1));
    }
    Matcher file =
        Pattern.compile("<!-- (file|end of file): ([A-Za-z0-9_.-]+) -->").matcher(remark);
    if (file.matches()) {
      return new Written(file.group(2), !file.group(1).equals("file"));
    }
    throw new AssertionError(where + ": nobody knows what " + remark + " means");
  }
}
