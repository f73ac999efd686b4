package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The doubles of devices in {@code native/doubles.c}, built into the running module's target
 * folder. A program under test gets {@link #library()} as {@code LD_PRELOAD} and a folder in {@link
 * #VARIABLE}.
 */
public final class NativeDoubles {
  /** The variable that names the folder with the doubles' files. */
  public static final String VARIABLE = "KMS_DOUBLES";

  private NativeDoubles() {}

  /** The built library; without a C compiler the running test is left out. */
  public static Path library() {
    Path compiler = Tool.require("gcc");
    Path source = ProjectRoot.path().resolve("native/doubles.c");
    Path library = Path.of("target/native/doubles.so").toAbsolutePath();
    try {
      Files.createDirectories(library.getParent());
      Path made = Files.createTempFile(library.getParent(), "doubles", ".so");
      compile(compiler, source, made);
      return Files.move(made, library, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(Path compiler, Path source, Path made) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    compiler.toString(),
                    "-std=gnu17",
                    "-O1",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-shared",
                    "-fPIC",
                    "-o",
                    made.toString(),
                    source.toString(),
                    "-ldl"))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError("native/doubles.c does not compile: " + said);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
