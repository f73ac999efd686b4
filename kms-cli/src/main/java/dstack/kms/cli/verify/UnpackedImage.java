package dstack.kms.cli.verify;

import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.attest.image.archive.ImageArchive;
import dstack.kms.attest.image.archive.VerifiedImage;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image archive, unpacked and verified in a private folder that goes when this is closed.
 *
 * @param image what was found
 */
record UnpackedImage(VerifiedImage image) implements AutoCloseable {
  static UnpackedImage of(Path archive) {
    try {
      Path folder = Files.createTempDirectory("kms-image-");
      try (InputStream in = Files.newInputStream(archive)) {
        return new UnpackedImage(ImageArchive.unpack(in, folder, ArchiveLimits.standard()));
      } catch (RefusalException | IOException e) {
        remove(folder);
        throw e;
      }
    } catch (IOException e) {
      throw RefusalException.causedBy(
          InputRefusal.MALFORMED, archive + " cannot be unpacked: " + e.getMessage(), e);
    }
  }

  /** Unpacking makes no folders, so that there are only files to remove. */
  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Override
  public void close() {
    try {
      remove(image.folder());
    } catch (IOException e) {
      throw RefusalException.causedBy(InputRefusal.MALFORMED, "cannot remove " + image.folder(), e);
    }
  }
}
