package dstack.kms.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;

/**
 * The device behind a double: a pipe that the double opens once its request lies in a file, and
 * through which the answer to that request comes.
 */
public final class DevicePipe implements AutoCloseable {
  private final Path pipe;
  private final Path request;
  private final UnaryOperator<byte[]> answer;
  private final Thread device;
  private volatile boolean closed;

  /** Makes the pipe and answers until it is closed. */
  public DevicePipe(Path pipe, Path request, UnaryOperator<byte[]> answer) {
    this.pipe = pipe;
    this.request = request;
    this.answer = answer;
    make(pipe);
    // A platform thread: opening a pipe blocks in the kernel and would hold a carrier of others.
    device = Thread.ofPlatform().daemon().name("device").start(this::serve);
  }

  private static void make(Path pipe) {
    try {
      Process made = new ProcessBuilder(Tool.require("mkfifo").toString(), pipe.toString()).start();
      if (made.waitFor() != 0) {
        throw new AssertionError("no pipe at " + pipe);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void serve() {
    while (!closed) {
      try (OutputStream out = Files.newOutputStream(pipe)) {
        // Without a request the reader is still the one that was answered before.
        if (!closed && Files.exists(request)) {
          byte[] asked = Files.readAllBytes(request);
          Files.delete(request);
          out.write(answer.apply(asked));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try (var both = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      device.join(10_000);
      if (!both.isOpen() || device.isAlive()) {
        throw new AssertionError("the device does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
