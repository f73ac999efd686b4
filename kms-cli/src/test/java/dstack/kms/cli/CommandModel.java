package dstack.kms.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The commands of the program as they are declared, for tests that compare pages with them. */
public final class CommandModel {
  private CommandModel() {}

  /** A model that nothing was parsed with yet; it reads no variables. */
  public static CommandLine fresh() {
    return new Program(stream(), stream(), Map.of()).commandLine();
  }

  private static PrintStream stream() {
    return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
  }
}
