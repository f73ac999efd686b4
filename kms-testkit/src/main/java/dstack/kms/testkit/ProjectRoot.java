package dstack.kms.testkit;

import java.nio.file.Path;

/** The folder of the checkout, as the build names it in the system property {@code kms.root}. */
public final class ProjectRoot {
  private ProjectRoot() {}

  /** The checkout's absolute path. */
  public static Path path() {
    return Path.of(System.getProperty("kms.root", "..")).toAbsolutePath().normalize();
  }
}
