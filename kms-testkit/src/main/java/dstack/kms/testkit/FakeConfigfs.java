package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A folder that behaves like configfs-tsm: a folder made in it has the attributes of an entry, and
 * what is written to its {@code inblob} is answered in {@code outblob}, after which its generation
 * is higher by one. Everything about it can be made to misbehave. It acts when {@link #step()} is
 * called, or by itself after {@link #watch()}.
 */
public final class FakeConfigfs implements AutoCloseable {
  private final Path root;
  private final UnaryOperator<byte[]> answer;
  public String provider = "tdx_guest\n";
  public long advance = 1;
  public byte[] auxblob = {};
  private Optional<WatchService> watch = Optional.empty();

  /** A folder below which entries are made, and what a request is answered with. */
  public FakeConfigfs(Path root, UnaryOperator<byte[]> answer) {
    this.root = root;
    this.answer = answer;
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /** Makes an entry as the kernel does. */
  public Path entry(String name) {
    try {
      Path entry = Files.createDirectories(root.resolve(name));
      fill(entry);
      return entry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries that there are now. */
  public List<Path> entries() {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives new entries their attributes and answers every request that was written. */
  public synchronized void step() {
    for (Path entry : entries()) {
      try {
        if (!Files.exists(entry.resolve("provider")) && !kernelFills()) {
          fill(entry);
        }
        respond(entry);
      } catch (NoSuchFileException e) {
        // removed while we looked at it
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** With this file the double of the system call makes the attributes; two would disturb them. */
  private boolean kernelFills() {
    return Files.exists(root.resolveSibling("configfs.provider"));
  }

  private void fill(Path entry) throws IOException {
    Files.writeString(entry.resolve("generation"), "0\n");
    Files.write(entry.resolve("inblob"), new byte[0]);
    Files.write(entry.resolve("outblob"), new byte[0]);
    Files.write(entry.resolve("auxblob"), new byte[0]);
    Files.writeString(entry.resolve("provider"), provider);
  }

  private void respond(Path entry) throws IOException {
    byte[] request = Files.readAllBytes(entry.resolve("inblob"));
    if (request.length != 64) {
      return;
    }
    put(entry.resolve("outblob"), answer.apply(request));
    put(entry.resolve("auxblob"), auxblob);
    put(entry.resolve("inblob"), new byte[0]);
    advance(entry, advance);
  }

  /** Never makes the attribute anew: its entry may be removed at this moment. */
  private static void put(Path attribute, byte[] content) throws IOException {
    Files.write(attribute, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Moves the generation of an entry as if so many others had written to it. */
  public void advance(Path entry, long by) {
    try {
      long generation = Long.parseLong(Files.readString(entry.resolve("generation")).strip());
      // In one step, as a reader sees the kernel's number: never half of it.
      Path next = Files.writeString(root.resolve("next-generation"), (generation + by) + "\n");
      Files.move(next, entry.resolve("generation"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes an entry with its attributes. */
  public void remove(Path entry) {
    try (Stream<Path> all = Files.list(entry)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
      Files.delete(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on a thread steps whenever something changes in the folder or an entry. */
  public FakeConfigfs watch() {
    try {
      WatchService made = root.getFileSystem().newWatchService();
      watch = Optional.of(made);
      register(root, made);
      for (Path entry : entries()) {
        register(entry, made);
      }
      Thread.ofVirtual().start(() -> follow(made));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow(WatchService made) {
    try {
      while (true) {
        WatchKey key = made.take();
        key.pollEvents();
        for (Path entry : entries()) {
          register(entry, made);
        }
        step();
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // closed: nobody asks any more
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void register(Path folder, WatchService made) throws IOException {
    try {
      folder.register(
          made, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (NoSuchFileException e) {
      // removed while we looked at it
    }
  }

  @Override
  public void close() {
    try {
      if (watch.isPresent()) {
        watch.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
