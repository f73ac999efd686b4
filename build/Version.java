import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what {@code kms --version} says: {@code java build/Version.java 1.2.3 FILE}.
 *
 * <p>The text is {@code v1.2.3 (git:<20 hex>)}, with {@code -modified} after the hash when tracked
 * files differ from the commit, and {@code (unknown)} outside a git checkout. It depends on the
 * commit alone, so builds of one commit in different folders are equal. {@code KMS_GIT_REVISION}
 * replaces the text in brackets where the sources are built without their history.
 */
final class Version {
  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      System.err.println("usage: java build/Version.java VERSION FILE");
      System.exit(2);
    }
    String text = "v" + args[0] + " (" + revision() + ")\n";
    Path file = Path.of(args[1]);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private static String revision() throws InterruptedException {
    String given = System.getenv("KMS_GIT_REVISION");
    if (given != null && !given.isEmpty()) {
      return given;
    }
    try {
      Process git =
          new ProcessBuilder(
                  "git", "describe", "--always", "--abbrev=20", "--dirty=-modified", "--exclude=*")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(git.getInputStream().readAllBytes()).strip();
      return git.waitFor() == 0 && !said.isEmpty() ? "git:" + said : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }
}
