package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.GivenKds;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.attest.verify.VerificationParts;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A real enclave whose revocation lists are not at hand: good for showing, never for keys. */
final class IncompleteEvidenceTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1766678659346L));

  private final FakeAuthority authority = new FakeAuthority();
  private final Authorization authorization =
      new Authorization(
          authority,
          new ReleaseConfig(true, true, true, true),
          ImageCheck.none(),
          AuditTrail.none(),
          AppQuota.NONE,
          ReleaseWatch.NONE);

  private static VerifiedAttestation verify(RevocationRule rule) {
    SignatureVerifier signatures = SignatureVerifiers.named("auto");
    TrustRoots roots = TrustRoots.vendors();
    IssuerDocuments none = new NoIssuerDocuments();
    VerificationParts parts =
        new VerificationParts(
            signatures,
            new QuoteVerifier(roots.tdx(), signatures),
            quote -> {
              throw new AssertionError("an enclave has no quote");
            },
            none,
            none,
            none,
            new GivenKds(Optional.empty(), Optional.empty()),
            rule,
            Set::of,
            CLOCK,
            CLOCK);
    return new AttestationVerifier(parts.under(roots, AttestationConfig.defaults()))
        .verify(
            UnverifiedAttestation.decode(
                Bytes.of(Vectors.bytes("platforms/nitro/dstack_v0_prod.bin"))));
  }

  @Test
  void t22_releasesNothingToEvidenceThatWasLookedAtWithLessThanAllChecks() {
    VerifiedAttestation shown = verify(RevocationRule.REPORTED);

    assertThat(shown.platform().unchecked()).isNotEmpty();
    assertThatThrownBy(() -> authorization.app(shown, ""))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(VerifyRefusal.INCOMPLETE))
        .hasMessageStartingWith("evidence was not checked completely: Whether the certificate ");
    assertThatThrownBy(() -> authorization.kms(shown, ""))
        .hasMessageStartingWith("evidence was not checked completely: ");
    assertThat(authority.asked("app") + authority.asked("kms")).isZero();
  }

  @Test
  void t22_aServersRuleDoesNotEvenVerifyIt() {
    assertThatThrownBy(() -> verify(RevocationRule.REQUIRED))
        .hasMessageEndingWith("UnknownRevocationStatus");
  }
}
