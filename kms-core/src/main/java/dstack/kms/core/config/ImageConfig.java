package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
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
 * @param maxSize bytes of an archive, packed and unpacked
 * @param rtmr0 where the ACPI digests of full-image TDX guests come from
 * @param acpiTablesProgram makes the ACPI tables; empty if there is none
 */
public record ImageConfig(
    boolean verify,
    Path cacheDir,
    String downloadUrl,
    Optional<Duration> downloadTimeout,
    long maxSize,
    Rtmr0Source rtmr0,
    Optional<Path> acpiTablesProgram) {
  private static final String PLACEHOLDER = "{OS_IMAGE_HASH}";

  static ImageConfig read(Section image) {
    ImageConfig config =
        new ImageConfig(
            image.flag("verify", true),
            image.paths().one("cache_dir", Path.of("/usr/share/dstack/images")),
            image
                .urls()
                .template(
                    "download_url", "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz", PLACEHOLDER),
            image.durationOrNever("download_timeout", Optional.of(Duration.ofMinutes(2))),
            image.size("max_size", Integer.MAX_VALUE),
            image.word("rtmr0", Rtmr0Source.RECOMPUTED),
            image.paths().optional("acpi_tables_program"));
    config.requireConsistent(image);
    return config;
  }

  private void requireConsistent(Section image) {
    if (acpiTablesProgram.isEmpty()) {
      return;
    }
    if (rtmr0 == Rtmr0Source.MEASURED_ACPI) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          image.where("rtmr0")
              + " is \"measured-acpi\", which makes no use of core.image.acpi_tables_program;"
              + " leave one of them out");
    }
    if (!acpiTablesProgram.get().isAbsolute()) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE,
          image.where("acpi_tables_program") + " must be an absolute path");
    }
  }

  /** Where any one image lies, to judge the way there. */
  EndpointUrl downloadExample() {
    return exampleOf(downloadUrl, PLACEHOLDER);
  }

  static EndpointUrl exampleOf(String template, String placeholder) {
    String address = template.replace(placeholder, "0".repeat(64));
    int query = address.indexOf('?');
    return EndpointUrl.parse(query < 0 ? address : address.substring(0, query));
  }
}
