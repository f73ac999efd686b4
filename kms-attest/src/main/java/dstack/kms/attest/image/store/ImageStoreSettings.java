package dstack.kms.attest.image.store;

import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where images come from and how they are kept.
 *
 * @param cacheDir made if it is missing
 * @param urlTemplate an {@code http} or {@code https} address in which {@code {OS_IMAGE_HASH}}
 *     stands for the hash
 * @param timeout of download, unpacking and checks together; empty for no bound
 * @param limits of an archive
 * @param backOff how long a failed download is not tried again
 */
public record ImageStoreSettings(
    Path cacheDir,
    String urlTemplate,
    Optional<Duration> timeout,
    ArchiveLimits limits,
    Duration backOff) {
  static final int CONCURRENT_DOWNLOADS = 4;

  URI address(Bytes osImageHash) {
    return URI.create(urlTemplate.replace("{OS_IMAGE_HASH}", osImageHash.hex()));
  }
}
