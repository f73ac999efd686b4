package dstack.kms.sim.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Folders that exist either complete or not at all.
 *
 * <p>A folder is filled under another name, forced to the disk and renamed. Of several processes
 * that make the same one at the same time the first wins and the others take over its files. A
 * crash leaves at most a folder named {@code .new-…}, which nobody reads.
 */
public final class StateFolder {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private StateFolder() {}

  /** Makes the folder with these text files, unless it is there already. */
  public static void publish(Path folder, Map<String, String> files, SecureRandom random)
      throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(folder + " cannot hold the simulated platform");
    }
    Files.createDirectories(parent, OWNER_FOLDER);
    Path draft = parent.resolve(".new-" + HexFormat.of().toHexDigits(random.nextLong()));
    Files.createDirectory(draft, OWNER_FOLDER);
    for (Map.Entry<String, String> file : files.entrySet()) {
      write(draft.resolve(file.getKey()), file.getValue());
    }
    force(draft);
    try {
      Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      discard(draft, files.keySet());
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    force(parent);
  }

  /** Replaces one text file by a complete new one. */
  static void replace(Path file, String content, SecureRandom random) throws IOException {
    Path draft = file.resolveSibling(".new-" + HexFormat.of().toHexDigits(random.nextLong()));
    write(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(Path file, String content) throws IOException {
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, fresh, OWNER_FILE)) {
      ByteBuffer rest = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void discard(Path draft, Set<String> files) throws IOException {
    for (String file : files) {
      Files.deleteIfExists(draft.resolve(file));
    }
    Files.deleteIfExists(draft);
  }
}
