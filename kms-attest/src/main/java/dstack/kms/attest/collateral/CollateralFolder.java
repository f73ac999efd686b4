package dstack.kms.attest.collateral;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collateral as one JSON file per key. A file is replaced as a whole or not at all; what is read is
 * untrusted, and a folder that fails costs only the copy.
 */
final class CollateralFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CollateralFolder.class);

  private final Path folder;

  CollateralFolder(Path folder) {
    this.folder = folder;
  }

  Optional<Collateral> read(CollateralKey key) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > CollateralJson.MAX_LENGTH) {
        return Optional.empty();
      }
      return Optional.of(Collateral.fromJson(Files.readString(file)));
    } catch (IOException | RefusalException e) {
      LOG.warn("collateral for {} cannot be read back: {}", key, e.getMessage());
      return Optional.empty();
    }
  }

  void write(CollateralKey key, Collateral collateral) {
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, key.toString(), ".new");
      try {
        writeSynced(draft, collateral.toJson());
        Files.move(
            draft, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      LOG.warn("collateral for {} cannot be kept on disk: {}", key, e.getMessage());
    }
  }

  private static void writeSynced(Path file, String content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private Path file(CollateralKey key) {
    return folder.resolve(key + ".json");
  }
}
