package dstack.kms.attest.image.archive;

import dstack.kms.attest.image.measure.BootFiles;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image in a folder of which every listed file was found to be what its checksum says. It holds
 * for the moment: whoever comes back later verifies again.
 */
public final class VerifiedImage {
  private static final int MAX_FIRMWARE = 64 << 20;
  private static final int MAX_KERNEL = 256 << 20;

  private final Path folder;
  private final ImageManifest manifest;
  private final ImageMetadata metadata;

  private VerifiedImage(Path folder, ImageManifest manifest, ImageMetadata metadata) {
    this.folder = folder;
    this.manifest = manifest;
    this.metadata = metadata;
  }

  /**
   * Reads every listed file of a folder and compares it with its checksum.
   *
   * @throws dstack.kms.core.refusal.RefusalException with an {@link ArchiveRefusal}
   */
  public static VerifiedImage of(Path folder) {
    ImageFile list = new ImageFile(folder.resolve(ImageManifest.FILE));
    if (!list.exists()) {
      throw ArchiveRefusal.MANIFEST.because("Failed to read sha256sum.txt");
    }
    ImageManifest manifest = ImageManifest.parse(list.read(ImageManifest.MAX_LENGTH));
    manifest
        .files()
        .forEach(
            (name, expected) -> {
              ImageFile file = new ImageFile(folder.resolve(name));
              requireChecksum(name, file.exists() && file.sha256().equals(expected));
            });
    return new VerifiedImage(folder, manifest, metadata(folder, manifest));
  }

  private static ImageMetadata metadata(Path folder, ImageManifest manifest) {
    Bytes expected = manifest.files().get(ImageMetadata.FILE);
    if (expected == null) {
      throw ArchiveRefusal.METADATA.because("metadata.json not found in the extracted archive");
    }
    Bytes content =
        new ImageFile(folder.resolve(ImageMetadata.FILE)).read(ImageMetadata.MAX_LENGTH);
    requireChecksum(ImageMetadata.FILE, Digests.sha256(content).equals(expected));
    return ImageMetadata.parse(content, manifest);
  }

  /** The image's hash, 32 bytes. */
  public Bytes osImageHash() {
    return manifest.osImageHash();
  }

  /** The list of its files. */
  public ImageManifest manifest() {
    return manifest;
  }

  /** What it says about itself. */
  public ImageMetadata metadata() {
    return metadata;
  }

  /** Where its files lie. */
  public Path folder() {
    return folder;
  }

  /** Where its firmware lies. */
  public Path firmware() {
    return folder.resolve(metadata.bios());
  }

  /** Where its kernel lies. */
  public Path kernel() {
    return folder.resolve(metadata.kernel());
  }

  /** What is measured, compared with the checksums once more in the bytes that are handed out. */
  public BootFiles bootFiles() {
    Bytes firmware = new ImageFile(firmware()).read(MAX_FIRMWARE);
    requireListed(metadata.bios(), Digests.sha256(firmware));
    Bytes kernel = new ImageFile(kernel()).read(MAX_KERNEL);
    requireListed(metadata.kernel(), Digests.sha256(kernel));
    ImageFile.Digested initrd = new ImageFile(folder.resolve(metadata.initrd())).digested();
    requireListed(metadata.initrd(), initrd.sha256());
    return new BootFiles(firmware, kernel, initrd.sha384(), initrd.size(), metadata.cmdline());
  }

  private void requireListed(String name, Bytes actual) {
    requireChecksum(
        name, Optional.ofNullable(manifest.files().get(name)).equals(Optional.of(actual)));
  }

  private static void requireChecksum(String name, boolean matches) {
    if (!matches) {
      throw ArchiveRefusal.CHECKSUM.because("Checksum verification failed: " + name);
    }
  }
}
