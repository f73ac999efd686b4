package dstack.kms.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One run of the program in this process.
 *
 * @param status the exit status
 * @param out what it answered
 * @param err what else it said
 */
public record Run(int status, String out, String err) {
  /** Runs the program without any variables set. */
  public static Run of(String... arguments) {
    return with(Map.of(), arguments);
  }

  /** Runs the program with the given variables. */
  public static Run with(Map<String, String> variables, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = new Program(stream(out), stream(err), variables).run(arguments);
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
