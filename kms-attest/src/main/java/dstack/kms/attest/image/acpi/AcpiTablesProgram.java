package dstack.kms.attest.image.acpi;

import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The patched QEMU that writes the ACPI tables of a machine to its standard output (specification
 * 17 §5.6). It runs without this process's environment, input or errors, for a limited time and
 * with a limited output, at most two at a time: guests state their machine themselves. Safe for use
 * by many threads.
 */
public final class AcpiTablesProgram {
  private static final int MAX_OUTPUT = 1 << 20;
  private static final int MAX_RUNS = 2;

  private final Path program;
  private final Duration timeout;
  private final Duration turn;
  private final Semaphore runs = new Semaphore(MAX_RUNS, true);

  /**
   * @param program an absolute path
   * @param timeout how long one run may take, and how long it may wait for its turn
   */
  public AcpiTablesProgram(Path program, Duration timeout) {
    this(program, timeout, timeout);
  }

  AcpiTablesProgram(Path program, Duration timeout, Duration turn) {
    this.program = program;
    this.timeout = timeout;
    this.turn = turn;
  }

  /** What firmware measures of the ACPI data of that machine with these files. */
  public AcpiDigests digests(AcpiMachine machine, Path firmware, Path kernel) {
    awaitTurn();
    try {
      return AcpiBlobs.of(tables(machine, firmware, kernel)).digests();
    } finally {
      runs.release();
    }
  }

  private void awaitTurn() {
    try {
      if (!runs.tryAcquire(turn.toNanos(), TimeUnit.NANOSECONDS)) {
        throw AcpiRefusal.PROGRAM.because(
            "the ACPI tables program is at work for other guests, try again later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted", e);
    }
  }

  private Bytes tables(AcpiMachine machine, Path firmware, Path kernel) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(QemuArguments.of(machine, firmware, kernel));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(Redirect.DISCARD)
            .directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("QEMU_ACPI_COMPAT_VER", machine.qemu().version());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw failed("cannot be started", e);
    }
    try {
      return outputOf(process);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Bytes outputOf(Process process) {
    CompletableFuture<Bytes> output =
        CompletableFuture.supplyAsync(
            () -> read(process.getInputStream()), task -> Thread.ofVirtual().start(task));
    long end = System.nanoTime() + timeout.toNanos();
    try {
      Bytes tables = output.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (tables.length() > MAX_OUTPUT) {
        throw AcpiRefusal.PROGRAM.because("the ACPI tables program wrote more than 1 MiB");
      }
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw AcpiRefusal.PROGRAM.because("the ACPI tables program did not end in time");
      }
      if (process.exitValue() != 0) {
        throw AcpiRefusal.PROGRAM.because(
            "the ACPI tables program ended with status " + process.exitValue());
      }
      return tables;
    } catch (TimeoutException e) {
      throw failed("did not end in time", e);
    } catch (ExecutionException e) {
      throw failed("could not be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted", e);
    }
  }

  private static Bytes read(InputStream output) {
    try {
      return Bytes.of(output.readNBytes(MAX_OUTPUT + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RefusalException failed(String how, Throwable cause) {
    return RefusalException.causedBy(AcpiRefusal.PROGRAM, "the ACPI tables program " + how, cause);
  }
}
