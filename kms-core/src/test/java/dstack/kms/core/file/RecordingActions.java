package dstack.kms.core.file;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Records every change, and makes the directory that a crash leaves.
 *
 * <p>The model is a journalling file system at its most forgetful: changes of directories survive
 * up to some point between the last sync and the crash, and a file that was not synced is empty.
 */
public final class RecordingActions implements FileActions {
  private sealed interface Step {
    record Make(Path directory) implements Step {}

    record Write(Path file, Bytes content) implements Step {}

    record Append(Path file, Bytes content) implements Step {}

    record Truncate(Path file, long length) implements Step {}

    record Sync(Path path) implements Step {}

    record Rename(Path from, Path to) implements Step {}

    record Delete(Path path) implements Step {}
  }

  private final FileActions real = new PosixFileActions();
  private final Path root;
  private final List<Step> steps = new ArrayList<>();

  public RecordingActions(Path root) {
    this.root = root;
  }

  public synchronized int size() {
    return steps.size();
  }

  /** The first step whose outcome a crash after so many steps may have lost. */
  public synchronized int durableAt(int crash) {
    for (int i = crash; i > 0; i--) {
      if (steps.get(i - 1) instanceof Step.Sync) {
        return i;
      }
    }
    return 0;
  }

  /** How many steps there are up to the commit. */
  public synchronized int commit() {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Rename(Path _, Path to) && to.endsWith(".committed")) {
        return i + 1;
      }
    }
    throw new AssertionError("no commit was recorded");
  }

  /** Repeats the first steps in a copy, as a crash after so many steps shows them. */
  public void replay(Path copy, int survived, int crash) throws IOException {
    Set<Path> synced = new HashSet<>();
    for (Step step : steps.subList(0, crash)) {
      if (step instanceof Step.Sync(Path path)) {
        synced.add(path);
      }
    }
    for (Step step : steps.subList(0, survived)) {
      switch (step) {
        case Step.Make(Path directory) -> real.createDirectory(copy.resolve(directory));
        case Step.Write(Path file, Bytes content) ->
            Files.write(
                copy.resolve(file), synced.contains(file) ? content.toArray() : new byte[0]);
        case Step.Append append ->
            real.append(
                copy.resolve(append.file()),
                survives(append, crash) ? append.content() : lost(append.content()));
        case Step.Truncate(Path file, long length) -> real.truncate(copy.resolve(file), length);
        case Step.Sync _ -> {}
        case Step.Rename(Path from, Path to) ->
            Files.move(copy.resolve(from), copy.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        case Step.Delete(Path path) -> Files.delete(copy.resolve(path));
      }
    }
  }

  /** Whether the file was synced between this step and the crash. */
  private boolean survives(Step.Append step, int crash) {
    int at = steps.indexOf(step);
    return steps.subList(at, crash).contains(new Step.Sync(step.file()));
  }

  /** What was appended and not synced: the first half of it and zeros. */
  private static Bytes lost(Bytes content) {
    return content.slice(0, content.length() / 2).paddedTo(content.length());
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
    steps.add(new Step.Make(root.relativize(directory)));
  }

  @Override
  public synchronized void write(Path file, Secret content) throws IOException {
    real.write(file, content);
    steps.add(new Step.Write(root.relativize(file), content.expose(Bytes::of)));
  }

  @Override
  public synchronized void append(Path file, Bytes content) throws IOException {
    real.append(file, content);
    steps.add(new Step.Append(root.relativize(file), content));
  }

  @Override
  public synchronized void truncate(Path file, long length) throws IOException {
    real.truncate(file, length);
    steps.add(new Step.Truncate(root.relativize(file), length));
  }

  @Override
  public synchronized void sync(Path fileOrDirectory) throws IOException {
    real.sync(fileOrDirectory);
    steps.add(new Step.Sync(root.relativize(fileOrDirectory)));
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    steps.add(new Step.Rename(root.relativize(from), root.relativize(to)));
  }

  @Override
  public synchronized void delete(Path fileOrDirectory) throws IOException {
    real.delete(fileOrDirectory);
    steps.add(new Step.Delete(root.relativize(fileOrDirectory)));
  }

  @Override
  public void makePrivate(Path fileOrDirectory) throws IOException {
    real.makePrivate(fileOrDirectory);
  }
}
