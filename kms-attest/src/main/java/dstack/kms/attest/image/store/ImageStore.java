package dstack.kms.attest.image.store;

import dstack.kms.attest.backoff.BackOff;
import dstack.kms.attest.image.archive.ArchiveRefusal;
import dstack.kms.attest.image.archive.ImageArchive;
import dstack.kms.attest.image.archive.VerifiedImage;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images by their hash, downloaded when they are first asked for.
 *
 * <p>A kept copy is trusted for nothing: all of it is compared with its checksums at every use, and
 * a copy that differs is refused and taken away, so that the next request downloads it anew.
 */
public final class ImageStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageStore.class);
  private static final int HASH_LENGTH = 32;

  private final ImageStoreSettings settings;
  private final InstantSource clock;
  private final ImageFolders folders;
  private final ImageDownload http = new ImageDownload();
  private final SharedDownloads downloads;
  private final BackOff<Bytes> failed;
  private final DownloadCounts counts = new DownloadCounts();

  /** A store that downloads nothing until it is asked; removes what a crash left behind. */
  public ImageStore(ImageStoreSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.folders = new ImageFolders(settings.cacheDir());
    this.downloads =
        new SharedDownloads(ImageStoreSettings.CONCURRENT_DOWNLOADS, settings.timeout());
    this.failed = new BackOff<>(settings.backOff());
    new AbandonedFolders(folders).remove(clock.instant());
  }

  /**
   * The image of that hash, verified now.
   *
   * @param osImageHash 32 bytes
   * @throws RefusalException with an {@link ImageStoreRefusal} or an {@link ArchiveRefusal}
   */
  public VerifiedImage image(Bytes osImageHash) {
    if (osImageHash.length() != HASH_LENGTH) {
      throw ImageStoreRefusal.HASH_LENGTH.because("os_image_hash must be 32 bytes");
    }
    if (!folders.has(osImageHash)) {
      fetch(osImageHash);
    }
    return verified(osImageHash);
  }

  private VerifiedImage verified(Bytes hash) {
    try {
      VerifiedImage image = VerifiedImage.of(folders.of(hash));
      if (!image.osImageHash().equals(hash)) {
        throw ImageStoreRefusal.KEPT_COPY.because(
            "legacy TDX attestation requires os_image_hash = sha256(sha256sum.txt)");
      }
      return image;
    } catch (RefusalException refusal) {
      if (refusal.code() != ArchiveRefusal.FOLDER) {
        LOG.error("the kept copy of image {} is not that image: {}", hash, refusal.text());
        discard(hash);
      }
      throw refusal;
    }
  }

  private void discard(Bytes hash) {
    try {
      folders.discard(hash);
    } catch (IOException e) {
      LOG.error("the kept copy of image {} cannot be removed: {}", hash, e.toString());
    }
  }

  private void fetch(Bytes hash) {
    failed.requireNone(hash, clock.instant());
    try {
      downloads.await(hash, () -> download(hash));
    } catch (RefusalException refusal) {
      if (refusal.code() != ImageStoreRefusal.BUSY) {
        counts.failed();
        failed.failed(hash, refusal, clock.instant());
      }
      throw refusal;
    }
  }

  private void download(Bytes hash) {
    try {
      folders.holding(
          hash,
          () -> {
            if (!folders.has(hash)) {
              downloadInto(folders.newWorkFolder(hash), hash);
            }
          });
    } catch (IOException e) {
      throw RefusalException.causedBy(
          ImageStoreRefusal.FOLDER, "the folder of images cannot be used", e);
    } catch (OverlappingFileLockException e) {
      throw RefusalException.causedBy(
          ImageStoreRefusal.BUSY, "an earlier download of this image is still ending", e);
    }
  }

  private void downloadInto(Path work, Bytes hash) throws IOException {
    LOG.info("downloading image {}", hash);
    try (InputStream body = http.open(settings.address(hash))) {
      VerifiedImage image = ImageArchive.unpack(body, work, settings.limits());
      if (!image.osImageHash().equals(hash)) {
        throw ImageStoreRefusal.OTHER_IMAGE.because(
            "os_image_hash does not match sha256(sha256sum.txt)");
      }
      folders.keep(work, hash);
      counts.done(clock.instant());
      LOG.info("image {} is complete, version {}", hash, image.metadata().version().orElse("?"));
    } finally {
      folders.remove(work);
    }
  }

  /** How its downloads went since it was made. */
  public DownloadCounts counts() {
    return counts;
  }

  /** Ends all downloads. */
  @Override
  public void close() {
    downloads.close();
    http.close();
  }
}
