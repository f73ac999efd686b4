package dstack.kms.attest.image.archive;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Unpacks an image archive: gzip of one or more members around tar.
 *
 * <p>Only files at the top can be part of an image, so only those are written, under their plain
 * names; no folder is made and no link followed or created.
 */
public final class ImageArchive {
  private final TarReader tar;
  private final Path folder;
  private final Set<List<String>> seen = new HashSet<>();
  private int entries;

  private ImageArchive(UnpackedInput in, Path folder) {
    this.tar = new TarReader(in);
    this.folder = folder;
  }

  /**
   * Unpacks into an empty folder, verifies what was unpacked and removes what is not listed.
   *
   * @param archive read to its end, not closed
   * @throws RefusalException with an {@link ArchiveRefusal}; the folder then is of no use
   */
  public static VerifiedImage unpack(InputStream archive, Path folder, ArchiveLimits limits) {
    ImageArchive unpacking = new ImageArchive(new UnpackedInput(archive, limits), folder);
    try {
      unpacking.entries();
      VerifiedImage image = VerifiedImage.of(folder);
      unpacking.removeUnlisted(image.manifest());
      return image;
    } catch (IOException | UncheckedIOException e) {
      throw RefusalException.causedBy(ArchiveRefusal.FOLDER, "Failed to unpack the image", e);
    }
  }

  private void entries() throws IOException {
    for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
      if (++entries > ArchiveLimits.MAX_ENTRIES) {
        throw ArchiveRefusal.LIMIT.because(
            "image archive has more than " + ArchiveLimits.MAX_ENTRIES + " entries");
      }
      take(entry.get());
    }
  }

  private void take(TarReader.Entry entry) throws IOException {
    EntryPath path = entry.path();
    if (!path.parts().isEmpty() && !seen.add(path.parts())) {
      throw ArchiveRefusal.PATH.because(
          "image archive contains " + String.join("/", path.parts()) + " more than once");
    }
    if (!entry.isFolder() && path.isTopLevel()) {
      write(folder.resolve(path.parts().getFirst()));
    }
  }

  private void write(Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        OutputStream out = Channels.newOutputStream(channel)) {
      tar.readContent(
          (bytes, length) -> {
            try {
              out.write(bytes, 0, length);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      channel.force(true);
    }
  }

  private void removeUnlisted(ImageManifest manifest) throws IOException {
    for (List<String> parts : seen) {
      String name = parts.getFirst();
      boolean kept = name.equals(ImageManifest.FILE) || manifest.files().containsKey(name);
      if (parts.size() == 1 && !kept) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
  }
}
