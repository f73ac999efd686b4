package dstack.kms.attest.tdx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.forged.World;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The policy on trust domains is asked about quotes that verify, not in the tests of it alone. */
class TdxVerifierTest {
  private static VerifiedTdx verify(World world) {
    QuoteVerifier quotes =
        new QuoteVerifier(
            TdxTrustAnchor.external(world.rootDer()), SignatureVerifiers.named("auto"));
    return new TdxVerifier(quotes, _ -> world.collateral(), InstantSource.fixed(World.NOW))
        .verify(
            new TdxEvidence(world.quoteBytes(), List.of()),
            new Claims(ReportData.ZERO, new RuntimeEvents(List.of()), ""));
  }

  @Test
  void takesADomainUnderIntelsModule() {
    assertThat(verify(new World()).status().tcbStatus()).isEqualTo("UpToDate");
  }

  /**
   * TCB info that names such a module is signed here, so that only the policy is left to refuse.
   */
  @Test
  void t32_refusesAModuleThatIsNotIntelsWhateverTheTcbInfoSays() {
    World world =
        new World()
            .tcbInfo("\"mrsigner\":\"" + "00".repeat(48), "\"mrsigner\":\"01" + "00".repeat(47))
            .quote(quote -> quote.body[64] = 1);

    assertThatThrownBy(() -> verify(world))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(TdxRefusal.TD_POLICY))
        .hasMessage("Invalid mr signer seam");
  }
}
