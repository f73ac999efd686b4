package dstack.kms.attest.image;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.image.acpi.AcpiMachine;
import dstack.kms.attest.image.archive.VerifiedImage;
import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.attest.image.measure.ImageMeasurements;
import dstack.kms.attest.image.measure.MemorySize;
import dstack.kms.attest.image.measure.QemuOptions;
import dstack.kms.attest.image.measure.TdxLite;
import dstack.kms.attest.image.store.ImageStore;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a TDX guest's registers with those that follow from the image which its configuration
 * names (specification 17 §4 and §5). What was computed from a verified image is remembered; the
 * image itself is verified again every time.
 */
public final class TdxImageCheck {
  private static final Logger LOG = LoggerFactory.getLogger(TdxImageCheck.class);
  private static final int CAPACITY = 256;

  private final ImageStore images;
  private final Rtmr0Rule rtmr0;
  private final Cache<Machine, ImageMeasurements> measured =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();
  private final Cache<Board, AcpiDigests> boards =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  /**
   * @param images where images for guests of the variant {@code legacy} come from
   * @param rtmr0 what is done about the ACPI tables of these
   */
  public TdxImageCheck(ImageStore images, Rtmr0Rule rtmr0) {
    this.images = images;
    this.rtmr0 = rtmr0;
  }

  private record Machine(Bytes image, MemorySize memory, boolean twoPass) {}

  private record Board(Bytes image, AcpiMachine machine) {}

  /**
   * Refuses a guest that did not boot the image of that hash.
   *
   * @param report of a verified quote
   * @param eventLog the guest's, unverified
   * @param config the configuration that counts, unverified until this returns
   * @return how far the ACPI tables are known
   * @throws RefusalException with the stage's own code
   */
  public AcpiTables require(TdReport report, List<TdxEvent> eventLog, VmConfig config) {
    return switch (config.tdxAttestationVariant()) {
      case LITE -> {
        TdxLite.measurements(config).with(AcpiDigests.stated(eventLog)).require(report);
        yield AcpiTables.AS_MEASURED;
      }
      case LEGACY -> requireFullImage(report, eventLog, config);
    };
  }

  private AcpiTables requireFullImage(TdReport report, List<TdxEvent> eventLog, VmConfig config) {
    AcpiMachine machine = AcpiMachine.of(config);
    return switch (rtmr0) {
      case Rtmr0Rule.Refused _ -> throw notRecomputed();
      case Rtmr0Rule.MeasuredAcpi _ -> {
        AcpiDigests stated = AcpiDigests.stated(eventLog);
        measurements(images.image(config.osImageHash()), config).with(stated).require(report);
        LOG.info("image {}: ACPI tables taken as measured", config.osImageHash());
        yield AcpiTables.AS_MEASURED;
      }
      case Rtmr0Rule.Recomputed recomputed -> {
        VerifiedImage image = images.image(config.osImageHash());
        ImageMeasurements measurements = measurements(image, config);
        // A guest of another image runs no program here, whatever machine it claims to be.
        measurements.requireImage(report);
        AcpiDigests acpi =
            boards.get(
                new Board(image.osImageHash(), machine),
                key -> recomputed.program().digests(machine, image.firmware(), image.kernel()));
        measurements.with(acpi).require(report);
        yield AcpiTables.RECOMPUTED;
      }
    };
  }

  private ImageMeasurements measurements(VerifiedImage image, VmConfig config) {
    boolean twoPass = QemuOptions.of(config).twoPass();
    MemorySize memory = MemorySize.of(config.memorySize());
    return measured.get(
        new Machine(image.osImageHash(), memory, twoPass),
        key -> ImageMeasurements.ofFiles(image.bootFiles(), memory, twoPass));
  }

  private static RefusalException notRecomputed() {
    return new RefusalException(
        ImageRefusal.RTMR0_NOT_RECOMPUTED,
        "this guest declares tdx_attestation_variant \"legacy\", and its RTMR0 cannot be"
            + " recomputed without the ACPI tables of its machine: set"
            + " core.image.acpi_tables_program to the program that makes them, or set"
            + " core.image.rtmr0 = \"measured-acpi\" to take them as the guest measured them, or"
            + " boot the guest with tdx_attestation_variant \"lite\"");
  }
}
