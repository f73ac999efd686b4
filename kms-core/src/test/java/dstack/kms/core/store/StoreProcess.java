package dstack.kms.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stores a set of keys in a process of its own: the set-up that tests kill. */
final class StoreProcess {
  private StoreProcess() {}

  /** Takes the set in the first directory and makes it the set of the second. */
  public static void main(String[] arguments) throws IOException {
    KeyMaterial material = KeyFixtures.material(Path.of(arguments[0]), false);
    KeyStore.open(Path.of(arguments[1])).create(material, SetUp.BOOTSTRAP);
  }

  /** The exit status of such a process, started by that command. */
  static int run(List<String> starter, Path source, Path target, Path errors) throws Exception {
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
            "-Djava.io.tmpdir=" + errors.getParent(),
            "-cp",
            System.getProperty("java.class.path"),
            StoreProcess.class.getName(),
            source.toString(),
            target.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the process did not end");
    }
    return process.exitValue();
  }
}
