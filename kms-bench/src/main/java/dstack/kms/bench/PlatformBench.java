package dstack.kms.bench;

import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Verification of decoded evidence of each platform, cold and warm, beside its floor.
 *
 * <p>The floor is not made of other signatures like them: what a fresh verifier, and the same one
 * again, asks of the implementation of signatures is recorded, and each distinct one is verified
 * anew with the same keys over the same messages. The numbers have to be those of {@link
 * BenchedPlatform}, so that a verifier which checks too much, or no longer enough, is told and not
 * measured against itself.
 *
 * <p>Cold makes the verifiers and reads the issuers' documents each time; roots and TDX collateral
 * are read before, and nothing goes over a network. Warm is a server that has seen this evidence:
 * it remembers the chain, as it would that of the next evidence of the same machine.
 */
@State(Scope.Benchmark)
public class PlatformBench {
  @Param({"GCP_TDX", "NITRO", "NITRO_TPM", "SEV_SNP"})
  public BenchedPlatform platform = BenchedPlatform.NITRO;

  @Param({"ACCP", "BC"})
  public String provider = "ACCP";

  private final AttestationConfig config = AttestationConfig.defaults();
  private SignatureVerifier signatures = SignatureVerifiers.named("BC");
  private PlatformSample sample = PlatformSample.of(BenchedPlatform.NITRO);
  private AttestationVerifier warm = sample.verifier(signatures, config);
  private List<SignatureSample> coldSignatures = List.of();
  private List<SignatureSample> warmSignatures = List.of();

  @Setup
  public void prepare() {
    signatures = SignatureVerifiers.named(provider);
    sample = PlatformSample.of(platform);
    SignatureRecorder recorder = new SignatureRecorder(signatures);
    AttestationVerifier recorded = sample.verifier(recorder, config);
    coldSignatures = asked(recorded, recorder, platform.coldSignatures());
    warmSignatures = unavoidable(recorded, recorder);
    warm = sample.verifier(signatures, config);
    warm.verify(sample.attestation());
  }

  /** With RSA nothing is signed in these samples but certificates and lists. */
  private List<SignatureSample> unavoidable(
      AttestationVerifier verifier, SignatureRecorder recorder) {
    int expected = platform.warmSignatures() + platform.repeatedSignatures();
    List<SignatureSample> floor =
        asked(verifier, recorder, expected).stream()
            .filter(asked -> !(asked instanceof SignatureSample.Rsa))
            .toList();
    if (floor.size() != platform.warmSignatures()) {
      throw new IllegalStateException(platform.word() + " has a floor of " + floor.size());
    }
    return floor;
  }

  private List<SignatureSample> asked(
      AttestationVerifier verifier, SignatureRecorder recorder, int expected) {
    verifier.verify(sample.attestation());
    List<SignatureSample> asked = recorder.take();
    if (asked.size() != expected) {
      throw new IllegalStateException(
          platform.word() + " checked " + asked.size() + " signatures, not " + expected);
    }
    return asked;
  }

  @Benchmark
  public VerifiedAttestation cold() {
    return sample.verifier(signatures, config).verify(sample.attestation());
  }

  @Benchmark
  public VerifiedAttestation warm() {
    return warm.verify(sample.attestation());
  }

  @Benchmark
  public boolean coldFloor() {
    return SignatureSample.allVerify(coldSignatures, signatures);
  }

  @Benchmark
  public boolean warmFloor() {
    return SignatureSample.allVerify(warmSignatures, signatures);
  }
}
