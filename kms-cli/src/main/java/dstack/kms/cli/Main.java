package dstack.kms.cli;

import dstack.kms.core.annotation.Permitted;

/** The entry of the program. */
public final class Main {
  private Main() {}

  /** Runs one command on the standard streams and ends the process with its exit status. */
  @Permitted("the one exit of the program, and the one place that names its standard streams")
  public static void main(String[] arguments) {
    System.exit(new Program(System.out, System.err, System.getenv()).run(arguments));
  }
}
