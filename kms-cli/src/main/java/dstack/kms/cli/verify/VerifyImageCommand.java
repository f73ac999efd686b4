package dstack.kms.cli.verify;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.attest.image.measure.Registers;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies an OS image archive, or the documents that stand for it, and what a guest measures. */
@Command(
    name = "image",
    description = {
      "Verifies an OS image and shows what a TDX guest with it must measure.",
      "Nothing is downloaded. The signature of an attestation is not verified here."
    })
public final class VerifyImageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      converter = ArchivePath.class,
      description = "The image's archive, .tar.gz.")
  private @Nullable Path archive;

  @Option(
      names = "--hash",
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "Refuse unless the image has this os_image_hash, 32 bytes.")
  private @Nullable Bytes hash;

  @Option(
      names = "--vm-config",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "VM configuration: its documents are checked, its guest is measured.")
  private @Nullable InputFile vmConfig;

  @Option(
      names = "--attestation",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "Refuse unless this TDX attestation has the registers of that guest.")
  private @Nullable InputFile attestation;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    if (archive == null && vmConfig == null && attestation == null) {
      throw new ParameterException(
          spec.commandLine(), "give an archive, --vm-config or --attestation");
    }
    ImageAnswer answer = archive == null ? withoutArchive() : withArchive(archive);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer.members()));
    } else {
      answer.print(out);
    }
    return ExitStatus.DONE.number();
  }

  private ImageAnswer withArchive(Path file) {
    progress("unpacking and verifying " + file);
    ImageAnswer answer = new ImageAnswer();
    try (UnpackedImage unpacked = UnpackedImage.of(file)) {
      requireHash(hash, unpacked.image().osImageHash());
      answer.image(unpacked.image());
      config()
          .ifPresent(
              config -> {
                requireHash(config.osImageHash(), unpacked.image().osImageHash());
                progress("measuring");
                finish(answer, config, MeasuredConfig.ofFiles(config, unpacked.image()));
              });
    }
    return answer;
  }

  private ImageAnswer withoutArchive() {
    ImageAnswer answer = new ImageAnswer();
    VmConfig config = config().orElseThrow();
    requireHash(hash, config.osImageHash());
    finish(answer, config, MeasuredConfig.ofDocuments(config));
    return answer;
  }

  private void finish(ImageAnswer answer, VmConfig config, MeasuredConfig measured) {
    answer.documents(config.osImageHash(), measured.documents());
    measured.measurements().ifPresent(answer::measurements);
    if (attestation != null) {
      TdxEvidence evidence = tdx(AttestationFile.parse(attestation.bytes()));
      Registers registers =
          measured
              .measurements()
              .orElseThrow(
                  () ->
                      new RefusalException(
                          ExpectationRefusal.DOCUMENTS,
                          "nothing says what a TDX guest with this image measures"))
              .with(AcpiDigests.stated(evidence.eventLog()));
      registers.require(report(evidence));
      answer.compared(registers);
    }
  }

  /** What was given beside the attestation, or what is in it. */
  private Optional<VmConfig> config() {
    if (vmConfig == null && attestation == null) {
      return Optional.empty();
    }
    String embedded =
        attestation == null ? "" : AttestationFile.parse(attestation.bytes()).config();
    return Optional.of(VmConfig.resolve(vmConfig == null ? "" : vmConfig.text(), embedded));
  }

  private static TdxEvidence tdx(UnverifiedAttestation attestation) {
    if (attestation.evidence() instanceof TdxEvidence evidence) {
      return evidence;
    }
    throw new RefusalException(
        ExpectationRefusal.PLATFORM, "only a TDX attestation can be compared with an image");
  }

  private static TdReport report(TdxEvidence evidence) {
    if (UnverifiedQuote.parse(evidence.quote()).report() instanceof TdReport report) {
      return report;
    }
    throw new RefusalException(ExpectationRefusal.PLATFORM, "the quote is not that of a TDX guest");
  }

  private static void requireHash(@Nullable Bytes expected, Bytes actual) {
    if (expected != null && !expected.equals(actual)) {
      throw new RefusalException(
          ExpectationRefusal.IMAGE,
          "os_image_hash does not match sha256(sha256sum.txt): expected "
              + expected
              + ", actual "
              + actual);
    }
  }

  private void progress(String step) {
    if (!json) {
      spec.commandLine().getErr().println("kms: " + step + " …");
    }
  }
}
