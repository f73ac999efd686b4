package dstack.kms.onboard.node;

import dstack.kms.attest.gcp.GcpImageRule;
import dstack.kms.attest.image.Rtmr0Rule;
import dstack.kms.attest.image.TdxImageCheck;
import dstack.kms.attest.image.acpi.AcpiTablesProgram;
import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.attest.image.store.DownloadCounts;
import dstack.kms.attest.image.store.ImageStore;
import dstack.kms.attest.image.store.ImageStoreSettings;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.ImageVerifier;
import dstack.kms.core.config.ImageConfig;
import dstack.kms.core.config.KmsConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Whether and how OS images are verified, as configured.
 *
 * @param check the rule
 * @param downloads how those of images went
 * @param toClose what it holds
 */
record ConfiguredImages(ImageCheck check, DownloadCounts downloads, List<Runnable> toClose) {
  private static final Duration ACPI_TABLES = Duration.ofSeconds(30);
  private static final Duration BACK_OFF = Duration.ofSeconds(30);

  static ConfiguredImages of(KmsConfig config, InstantSource clock) {
    ImageConfig image = config.image();
    if (!image.verify()) {
      return new ConfiguredImages(ImageCheck.none(), new DownloadCounts(), List.of());
    }
    ImageStore store = new ImageStore(settings(image), clock);
    ImageCheck check =
        new ImageVerifier(
            new TdxImageCheck(store, rtmr0(image)), new GcpImageRule(config.attestation().gcp()));
    return new ConfiguredImages(check, store.counts(), List.of(store::close));
  }

  private static ImageStoreSettings settings(ImageConfig image) {
    return new ImageStoreSettings(
        image.cacheDir(),
        image.downloadUrl(),
        image.downloadTimeout(),
        new ArchiveLimits(image.maxSize()),
        BACK_OFF);
  }

  private static Rtmr0Rule rtmr0(ImageConfig image) {
    return switch (image.rtmr0()) {
      case MEASURED_ACPI -> new Rtmr0Rule.MeasuredAcpi();
      case RECOMPUTED ->
          image
              .acpiTablesProgram()
              .<Rtmr0Rule>map(
                  program -> new Rtmr0Rule.Recomputed(new AcpiTablesProgram(program, ACPI_TABLES)))
              .orElseGet(Rtmr0Rule.Refused::new);
    };
  }
}
