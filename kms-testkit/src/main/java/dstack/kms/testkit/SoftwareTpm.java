package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A fresh swtpm in a folder of its own; closing ends that one process. */
public final class SoftwareTpm implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final String address;
  private final String tcti;

  private SoftwareTpm(Process process, Path folder, String address, String tcti) {
    this.process = process;
    this.folder = folder;
    this.address = address;
    this.tcti = tcti;
  }

  /** Over a Unix socket; the path must be short. */
  public static SoftwareTpm overUnixSocket() {
    Path folder = freshFolder();
    Path socket = folder.resolve("s");
    Process process =
        start(folder, "type=unixio,path=" + socket, "type=unixio,path=" + socket + ".ctrl");
    return new SoftwareTpm(process, folder, "unix:" + socket, "swtpm:path=" + socket);
  }

  /** Over TCP on the loopback interface. */
  public static SoftwareTpm overTcp() {
    int port = freePort();
    Path folder = freshFolder();
    Process process =
        start(
            folder,
            "type=tcp,bindaddr=127.0.0.1,port=" + port,
            "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1));
    return new SoftwareTpm(
        process, folder, "tcp:127.0.0.1:" + port, "swtpm:host=127.0.0.1,port=" + port);
  }

  /** Where it listens, in the form of {@code core.device.tpm}. */
  public String address() {
    return address;
  }

  /** A place for files of the test. */
  public Path folder() {
    return folder;
  }

  /** Runs one of the TPM2 tools against this TPM in its folder; returns what it printed. */
  public String tool(String name, String... arguments) {
    Result result = tryTool(name, arguments);
    if (result.status() != 0) {
      throw new AssertionError(name + " ended with " + result.status() + ": " + result.output());
    }
    return result.output();
  }

  /** How a tool ended. */
  public record Result(int status, String output) {}

  /** Runs one of the TPM2 tools, however it ends. */
  public Result tryTool(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tool.require(name).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("TPM2TOOLS_TCTI", tcti);
    try {
      Process tool = builder.start();
      String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(tool.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Path freshFolder() {
    try {
      Path folder = Files.createTempDirectory("tpm");
      folder.toFile().deleteOnExit();
      Files.createDirectory(folder.resolve("state"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process file appears when its sockets listen. */
  private static Process start(Path folder, String server, String control) {
    Path ready = folder.resolve("pid");
    List<String> command =
        List.of(
            Tool.require("swtpm").toString(),
            "socket",
            "--tpm2",
            "--tpmstate",
            "dir=" + folder.resolve("state"),
            "--server",
            server + ",disconnect=no",
            "--ctrl",
            control,
            "--flags",
            "not-need-init,startup-clear",
            "--pid",
            "file=" + ready);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      while (!Files.exists(ready)) {
        if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("swtpm ended: " + Files.readString(folder.resolve("log")));
        }
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** A port that is free together with the next one. */
  private static int freePort() {
    for (int attempt = 0; attempt < 50; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket second =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        return second.getLocalPort() - 1;
      } catch (IOException | IllegalArgumentException e) {
        // The next one is taken; try another pair.
      }
    }
    throw new AssertionError("no two neighbouring ports are free");
  }
}
