package dstack.kms.rpc.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Specification 00 §9 'client certificate' and 01 §5: judged once, late, and not for ever. */
final class ClientEvidenceTest {
  @TempDir private Path folder;
  private final AtomicInteger verifications = new AtomicInteger();
  private Instant now = Instant.parse("2026-06-01T12:00:00Z");
  private final InstantSource clock = () -> now;
  private boolean collateralMissing;
  private SimulatedPlatform platform;
  private AttestationVerifier verifier;

  @BeforeEach
  void open() throws IOException {
    platform = SimulatedPlatform.open(folder, clock, new SecureRandom());
    Bytes root = Bytes.of(Files.readAllBytes(platform.rootCertificateFile()));
    verifier =
        new AttestationVerifier(
            PlatformVerifiers.onlyTdx(
                new TdxVerifier(
                    new QuoteVerifier(
                        TdxTrustAnchor.external(root), SignatureVerifiers.named("auto")),
                    quote -> collateral(),
                    clock)));
  }

  private Collateral collateral() {
    verifications.incrementAndGet();
    if (collateralMissing) {
      throw new RefusalException(AuthorityRefusal.UNREACHABLE, "no collateral now");
    }
    return Collateral.fromJson(platform.collateral().toJson());
  }

  private EvidenceRules rules(Optional<Duration> maxAge) {
    return new EvidenceRules(verifier, maxAge, clock);
  }

  private static ClientConnection connection(Optional<Bytes> certificate) {
    return new ClientConnection(new InetSocketAddress(0), certificate);
  }

  private Bytes goodCertificate() {
    OddCertificate odd = OddCertificate.p256();
    Bytes evidence =
        platform.attest(SimulatedIdentity.standard(), ReportData.ofCertificateKey(odd.spki()));
    return OddCertificate.der(
        odd.extension(OddCertificate.EVIDENCE, false, evidence.toArray()).build());
  }

  @Test
  void verifiesOnceForAConnectionAndAgainAfterAMinute() {
    ClientConnection connection = connection(Optional.of(goodCertificate()));
    EvidenceRules rules = rules(Optional.empty());
    for (int i = 0; i < 3; i++) {
      assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
    }
    assertThat(verifications).hasValue(1);
    now = now.plusSeconds(59);
    assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
    assertThat(verifications).hasValue(1);
    now = now.plusSeconds(1);
    assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
    assertThat(verifications).hasValue(2);
  }

  /** Else a step back would keep a connection from being judged again until it is caught up. */
  @Test
  void verifiesAgainWhereTheClockWasSetBack() {
    ClientConnection connection = connection(Optional.of(goodCertificate()));
    EvidenceRules rules = rules(Optional.empty());
    assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
    now = now.minus(Duration.ofHours(6));
    assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
    assertThat(verifications).hasValue(2);
  }

  @Test
  void verifiesForEachConnectionAnew() {
    Bytes certificate = goodCertificate();
    EvidenceRules rules = rules(Optional.empty());
    ClientEvidence.of(connection(Optional.of(certificate)), rules).verified();
    ClientEvidence.of(connection(Optional.of(certificate)), rules).verified();
    assertThat(verifications).hasValue(2);
  }

  @Test
  void keepsARefusalButNotAMissingAnswer() {
    ClientConnection connection = connection(Optional.of(goodCertificate()));
    EvidenceRules rules = rules(Optional.empty());
    collateralMissing = true;
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> ClientEvidence.of(connection, rules).verified())
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("invalid quote: ");
    }
    assertThat(verifications).hasValue(2);
    collateralMissing = false;
    assertThat(ClientEvidence.of(connection, rules).verified()).isPresent();
  }

  @Test
  void findsNoEvidenceWithoutAReadableCertificate() {
    EvidenceRules rules = rules(Optional.empty());
    Bytes good = goodCertificate();
    Bytes trailing = Bytes.concat(good, Bytes.zeros(1));
    Bytes[] unreadable = {Bytes.EMPTY, Bytes.zeros(9), good.slice(0, 99), trailing};
    for (Bytes certificate : unreadable) {
      assertThat(ClientEvidence.of(connection(Optional.of(certificate)), rules).verified())
          .isEmpty();
    }
    assertThat(ClientEvidence.of(connection(Optional.empty()), rules).verified()).isEmpty();
    assertThat(verifications).hasValue(0);
  }

  @Test
  void boundsTheAgeOfACertificateOnlyIfConfigured() {
    Bytes of1975 = goodCertificate();
    assertThat(
            ClientEvidence.of(connection(Optional.of(of1975)), rules(Optional.empty())).verified())
        .isPresent();
    EvidenceRules young = rules(Optional.of(Duration.ofHours(1)));
    assertThatThrownBy(() -> ClientEvidence.of(connection(Optional.of(of1975)), young).verified())
        .isInstanceOf(RefusalException.class)
        .hasMessage("client certificate was issued too long ago");
  }

  /** Whoever dates a certificate ahead would have it young for as long as he likes. */
  @Test
  void knowsNoAgeOfACertificateOfTheFuture() {
    Bytes of1975 = goodCertificate();
    EvidenceRules young = rules(Optional.of(Duration.ofHours(1)));
    now = Instant.parse("1974-12-31T23:54:00Z");
    assertThatThrownBy(() -> ClientEvidence.of(connection(Optional.of(of1975)), young).verified())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code().code()).isEqualTo("client-certificate-age"))
        .hasMessageContaining("in the future");
    assertThat(verifications).hasValue(0);
  }
}
