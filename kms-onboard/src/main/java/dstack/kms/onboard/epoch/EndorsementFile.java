package dstack.kms.onboard.epoch;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The endorsement in a store's folder. A new one is written under another name first and becomes
 * the endorsement only when the keys that it names are stored.
 */
final class EndorsementFile {
  private static final int MAX_BYTES = 4096;

  private final Path folder;

  EndorsementFile(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder.resolve("epoch-endorsement.json");
  }

  private Path pendingPath() {
    return folder.resolve(".epoch-endorsement.pending");
  }

  /** Whether anything of that name is there. */
  boolean exists() {
    return Files.exists(path(), LinkOption.NOFOLLOW_LINKS);
  }

  /** The endorsement, if there is one. */
  Optional<EpochEndorsement> read() {
    return exists() ? Optional.of(read(path())) : Optional.empty();
  }

  /** Keeps an endorsement for keys that are about to be stored; durable on return. */
  void writePending(EpochEndorsement endorsement) {
    try {
      Files.deleteIfExists(pendingPath());
      try (FileChannel channel =
          FileChannel.open(
              pendingPath(),
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer content = StandardCharsets.UTF_8.encode(endorsement.text());
        while (content.hasRemaining()) {
          channel.write(content);
        }
        channel.force(true);
      }
      syncFolder();
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** Makes the kept endorsement the endorsement, if it is about these keys. */
  void completePending(int epoch, RootIdentity keys) {
    if (exists() || !Files.exists(pendingPath(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    read(pendingPath()).requireFor(epoch, keys);
    try {
      Files.move(pendingPath(), path(), StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private void syncFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private EpochEndorsement read(Path file) {
    try (InputStream stream =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = stream.readNBytes(MAX_BYTES);
      return EpochEndorsement.parse(new String(content, StandardCharsets.ISO_8859_1));
    } catch (RefusalException e) {
      throw e.within(file.toString());
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private RefusalException failed(String what, IOException e) {
    return RefusalException.causedBy(
        EpochRefusal.FAILED, "cannot " + what + " the endorsement in " + folder, e);
  }
}
