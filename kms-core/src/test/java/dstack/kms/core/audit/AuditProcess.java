package dstack.kms.core.audit;

import dstack.kms.core.file.PosixFileActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Records releases in a process of its own, which tests kill, and prints each that it may do. */
final class AuditProcess {
  private static final int RELEASES = 6;

  private AuditProcess() {}

  /** Records into the directory {@code log} of the first argument. */
  public static void main(String[] arguments) {
    try (AuditLog log = TestLog.open(Path.of(arguments[0]), new PosixFileActions(), 3000, "log")) {
      for (int i = 0; i < RELEASES; i++) {
        log.require(TestLog.release(i));
        System.out.println("released " + i);
      }
    }
  }

  /** How such a process ended, and how many releases it said. */
  record Ended(int status, int released) {}

  static Ended run(List<String> starter, Path root, Path scratch)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(starter);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            // Otherwise the native provider unpacks itself with hundreds of writes of its own.
            "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true",
            "-Djava.io.tmpdir=" + scratch,
            "-cp",
            System.getProperty("java.class.path"),
            AuditProcess.class.getName(),
            root.toString()));
    Path out = scratch.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(scratch.resolve("errors").toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the process did not end");
    }
    int released =
        (int) Files.readAllLines(out).stream().filter(line -> line.startsWith("released")).count();
    return new Ended(process.exitValue(), released);
  }
}
