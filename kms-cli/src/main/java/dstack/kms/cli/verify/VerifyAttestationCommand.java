package dstack.kms.cli.verify;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.ReportDataText;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies one attestation in any container and prints the identity that it proves. */
@Command(
    name = "attestation",
    description = "Verifies an attestation and shows what a policy would be asked about.")
public final class VerifyAttestationCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Spec private CommandSpec spec;
  @Mixin private VerificationOptions options;
  @Mixin private EvidenceOptions evidence;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The attestation: binary, hexadecimal, or the JSON of a guest agent.")
  private InputFile file;

  @Option(
      names = "--vm-config",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "VM configuration as a client sends it, instead of the one in the evidence.")
  private @Nullable InputFile vmConfig;

  @Option(
      names = "--boottime",
      description = "Measure up to the end of booting, as for certificates, not up to now.")
  private boolean bootTime;

  @Option(
      names = "--report-data",
      paramLabel = "HEX",
      converter = ReportDataText.class,
      description = "Refuse unless the evidence is bound to these 64 bytes.")
  private @Nullable ReportData expected;

  @Option(
      names = "--evidence-only",
      description = {
        "Show what the hardware proves and derive no identity from it, which may need the VM",
        "configuration of a request."
      })
  private boolean evidenceOnly;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that takes the time from that clock unless it is given. */
  public VerifyAttestationCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    UnverifiedAttestation attestation = AttestationFile.parse(file.bytes());
    PrintWriter out = spec.commandLine().getOut();
    try (ChosenVerifier verifier = ChosenVerifier.of(options, evidence, attestation, clock)) {
      VerifiedAttestation verified = verifier.verify(attestation);
      requireExpected(verified);
      List<String> unchecked = verifier.unchecked(verified);
      if (evidenceOnly) {
        answer(EvidenceAnswer.of(verified, unchecked), out);
      } else {
        answer(AttestationAnswer.of(verified, vmConfigText(), point(), unchecked), out);
      }
    }
    return ExitStatus.DONE.number();
  }

  private void requireExpected(VerifiedAttestation verified) {
    if (expected != null && !verified.reportData().equals(expected)) {
      throw new RefusalException(ExpectationRefusal.REPORT_DATA, "report data mismatch");
    }
  }

  private <A extends Record & Printable> void answer(A answer, PrintWriter out) {
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      answer.print(out);
    }
  }

  private String vmConfigText() {
    return vmConfig == null ? "" : vmConfig.text();
  }

  private MeasurementPoint point() {
    return bootTime ? MeasurementPoint.BOOT : MeasurementPoint.RUNTIME;
  }
}
