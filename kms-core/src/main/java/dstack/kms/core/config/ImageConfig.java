package dstack.kms.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How OS images are verified: {@code [core.image]}.
 *
 * @param verify whether they are
 * @param cacheDir where images and measurements are kept
 * @param downloadUrl where an image lies; {@code {OS_IMAGE_HASH}} stands for its hash in hex
 * @param downloadTimeout how long a download may take; empty for no bound
 */
public record ImageConfig(
    boolean verify, Path cacheDir, String downloadUrl, Optional<Duration> downloadTimeout) {

  static ImageConfig read(Section image) {
    return new ImageConfig(
        image.flag("verify", true),
        image.path("cache_dir", Path.of("/usr/share/dstack/images")),
        image.text("download_url", "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz"),
        image.durationOrNever("download_timeout", Optional.of(Duration.ofMinutes(2))));
  }
}
