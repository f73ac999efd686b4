package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Changed real containers are refused or decode to something that encodes canonically. */
class ContainerProperties {
  @Property(tries = 2000)
  void aChangedContainerIsRefusedOrSurvivesTheRoundTrip(
      @ForAll("containers") Bytes original,
      @ForAll @IntRange(min = 0, max = 40_000) int position,
      @ForAll @IntRange(min = 1, max = 255) int mask) {
    byte[] changed = original.toArray();
    changed[position % changed.length] ^= (byte) mask;
    assertRefusedOrRoundTrips(Bytes.of(changed));
  }

  @Property(tries = 500)
  void aCutContainerIsRefused(
      @ForAll("containers") Bytes original, @ForAll @IntRange(min = 0, max = 40_000) int length) {
    Bytes cut = original.slice(0, length % original.length());
    try {
      UnverifiedAttestation.decode(cut);
    } catch (RefusalException expected) {
      return;
    }
    throw new AssertionError("decoded a cut container");
  }

  /** Only V0 has exactly one encoding; V1 allows wider forms and so is compared by value. */
  private static void assertRefusedOrRoundTrips(Bytes bytes) {
    UnverifiedAttestation attestation;
    try {
      attestation = UnverifiedAttestation.decode(bytes);
    } catch (RefusalException expected) {
      return;
    }
    if (attestation.container() == ContainerVersion.V0) {
      assertThat(attestation.encode()).isEqualTo(bytes);
    }
    assertThat(UnverifiedAttestation.decode(attestation.encode())).isEqualTo(attestation);
  }

  @Provide
  Arbitrary<Bytes> containers() {
    return Arbitraries.of(
        Containers.vector("tdx/dstack_attestation_v0.bin"),
        Containers.vector("tdx/dstack_attestation_v0.stripped-current.bin"),
        Containers.vector("tdx/dstack_attestation_v0_gcp.bin"),
        Containers.vector("tdx/dstack_attestation_v1.msgpack"),
        Containers.vector("platforms/nitro/dstack_v0_prod.bin"),
        Bytes.fromHex(MsgPackContainerTest.VECTOR_A));
  }
}
