package dstack.kms.cli.dev;

import java.util.List;
import java.util.Map;

/** Types commands of this program, as a person would. */
@FunctionalInterface
public interface Operator {
  /**
   * How a command ended.
   *
   * @param status its exit status
   * @param out what it printed on standard output
   * @param err what it printed on standard error
   */
  record Ended(int status, String out, String err) {}

  /**
   * Runs one command to its end.
   *
   * @param variables more variables than this program itself sees
   * @param words after the program's name
   */
  Ended type(Map<String, String> variables, List<String> words);
}
