package dstack.kms.attest.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that an authority hears comes from one and the same verified evidence. */
class IdentityMixTest {
  private static final AttestationVerifier VERIFIER = Guests.verifierOfBoth();
  private static final int QUOTE = 1;
  private static final int EVENT_LOG = 2;
  private static final int RUNTIME_EVENTS = 4;
  private static final int REPORT_DATA = 8;
  private static final int CONFIG = 16;
  private static final int EVIDENCE = QUOTE | EVENT_LOG | RUNTIME_EVENTS | REPORT_DATA;

  /** Takes each of five parts from one of two real guests, in all 32 ways. */
  @Test
  void t33_acceptsNoMixtureOfTwoIdentities() {
    for (int fromB = 0; fromB < 32; fromB++) {
      int evidence = fromB & EVIDENCE;
      UnverifiedAttestation mixed = mix(fromB);
      if (evidence == 0 || evidence == EVIDENCE) {
        AppInfo info = identity(VERIFIER.verify(mixed));
        assertThat(info).isEqualTo(identity(VERIFIER.verify(evidence == 0 ? Guests.A : Guests.B)));
      } else {
        assertThat(isRefused(mixed)).as("mixture %s", fromB).isTrue();
      }
    }
  }

  /** Each byte of the container: what is accepted in spite of the change is the same identity. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/dstack_attestation_v0.bin",
        "tdx/dstack_attestation_v0.stripped-current.bin",
        "tdx/dstack_attestation_v1.msgpack",
      })
  void t33_acceptsNoChangedByteThatChangesAnIdentity(String name) {
    Bytes original = Guests.attestation(name).encode();
    AppInfo honest = identity(VERIFIER.verify(Guests.A));
    int refused = 0;
    int tried = 0;
    for (int offset = 0; offset < original.length(); offset += 7, tried++) {
      Optional<VerifiedAttestation> verified = verified(original, offset);
      refused += verified.isEmpty() ? 1 : 0;
      verified.ifPresent(each -> assertThat(identity(each)).isEqualTo(honest));
    }
    assertThat(refused).isGreaterThan(tried / 2);
  }

  private static Optional<VerifiedAttestation> verified(Bytes original, int offset) {
    byte[] changed = original.toArray();
    changed[offset] ^= 1;
    try {
      return Optional.of(VERIFIER.verify(UnverifiedAttestation.decode(Bytes.of(changed))));
    } catch (RefusalException e) {
      return Optional.empty();
    }
  }

  /** With an own configuration, because the embedded one is no evidence. */
  private static AppInfo identity(VerifiedAttestation verified) {
    return verified.appInfo("{}", MeasurementPoint.RUNTIME);
  }

  private static boolean isRefused(UnverifiedAttestation attestation) {
    try {
      VERIFIER.verify(attestation);
      return false;
    } catch (RefusalException e) {
      return true;
    }
  }

  private static UnverifiedAttestation mix(int fromB) {
    TdxEvidence quote = (TdxEvidence) of(fromB, QUOTE).evidence();
    TdxEvidence log = (TdxEvidence) of(fromB, EVENT_LOG).evidence();
    return new UnverifiedAttestation(
        ContainerVersion.V1,
        new TdxEvidence(quote.quote(), log.eventLog()),
        of(fromB, REPORT_DATA).claimedReportData(),
        of(fromB, RUNTIME_EVENTS).runtimeEvents(),
        of(fromB, CONFIG).config(),
        Optional.empty());
  }

  private static UnverifiedAttestation of(int fromB, int part) {
    return (fromB & part) == 0 ? Guests.A : Guests.B;
  }
}
