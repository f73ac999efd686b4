package dstack.kms.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real program that a test drives, found on the path. */
public final class Tool {
  private Tool() {}

  /** The program's absolute path; without it the running test is left out. */
  public static Path require(String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, name);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw LeftOut.because(name);
  }
}
