package dstack.kms.onboard.machine;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.function.Supplier;

/**
 * This machine as an authority sees it, attested anew at each call (specification 04 §7.3).
 *
 * @param quotes attests
 * @param verifier judges that as anybody else would
 */
public record OwnEvidence(QuoteSource quotes, AttestationVerifier verifier)
    implements Supplier<BootInfo> {
  @Override
  public BootInfo get() {
    Bytes raw = within("Failed to get local KMS attestation", () -> quotes.attest(ReportData.ZERO));
    UnverifiedAttestation claimed =
        within("Failed to decode local KMS attestation", () -> UnverifiedAttestation.decode(raw));
    VerifiedAttestation verified =
        within("Failed to verify local KMS attestation", () -> verifyFresh(claimed));
    return verified.bootInfo("", MeasurementPoint.RUNTIME);
  }

  /** Evidence over anything but the zeros just asked for is somebody else's, or old. */
  private VerifiedAttestation verifyFresh(UnverifiedAttestation claimed) {
    if (!claimed.reportData().equals(ReportData.ZERO)) {
      throw new RefusalException(MachineRefusal.OWN_EVIDENCE, "report data mismatch");
    }
    return verifier.verify(claimed);
  }

  private static <T> T within(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
