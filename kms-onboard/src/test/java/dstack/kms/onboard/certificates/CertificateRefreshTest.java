package dstack.kms.onboard.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The refresh at every start (specification 04 §3.3). */
class CertificateRefreshTest {
  private static final Instant ISSUED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant NOT_AFTER = ISSUED.plus(Duration.ofDays(3650));
  private static final Duration WINDOW = Duration.parse("PT31536000S");
  private static final RpcDomain DOMAIN = new RpcDomain("kms.example.com");
  private static final String REFUSED =
      "Failed to reissue the attested KMS RPC certificate; refusing to start with a potentially"
          + " unattested certificate: ";

  @TempDir Path folder;
  private Machine machine;
  private KeyStore store;
  private CertificateSet before;

  @BeforeEach
  void bootstrap() {
    machine = Machine.in(folder, InstantSource.fixed(ISSUED));
    store = KeyStore.open(folder.resolve("certs"));
    SecureRandom random = new SecureRandom();
    try (SigningKeys keys = SigningKeys.generate(random);
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(random)) {
      before = issuer(ISSUED, machine.guest(), true).issue(keys, DOMAIN);
      KeySet secrets =
          new KeySet(
              keys.rootCa().pkcs8Pem(),
              keys.tmpCa().pkcs8Pem(),
              keys.rpc().pkcs8Pem(),
              k256.scalar());
      try (KeyMaterial material =
          new KeyMaterial(secrets, before, DOMAIN.text(), Optional.empty())) {
        store.create(material, SetUp.BOOTSTRAP);
      }
    }
  }

  @Test
  void replacesTheServersCertificateEveryTimeAndKeepsTheAuthorities() {
    CertificateSet after = refresh(ISSUED, machine.guest(), true);

    assertThat(after.rpc()).isNotEqualTo(before.rpc());
    assertThat(after.rootCa()).isEqualTo(before.rootCa());
    assertThat(after.tmpCa()).isEqualTo(before.tmpCa());
    assertThat(stored()).isEqualTo(after);
    assertThat(spki(after.rpc())).isEqualTo(spki(before.rpc()));
  }

  @Test
  void keepsTheAuthoritiesOneSecondBeforeTheWindow() {
    CertificateSet after = refresh(NOT_AFTER.minus(WINDOW).minusSeconds(1), machine.guest(), true);

    assertThat(after.rootCa()).isEqualTo(before.rootCa());
    assertThat(after.tmpCa()).isEqualTo(before.tmpCa());
  }

  @Test
  void renewsTheAuthoritiesFromThe365thDayOnWithTheSameKeys() {
    Instant now = NOT_AFTER.minus(WINDOW);

    CertificateSet after = refresh(now, machine.guest(), true);

    assertThat(after.rootCa()).isNotEqualTo(before.rootCa());
    assertThat(after.tmpCa()).isNotEqualTo(before.tmpCa());
    assertThat(spki(after.rootCa())).isEqualTo(spki(before.rootCa()));
    assertThat(spki(after.tmpCa())).isEqualTo(spki(before.tmpCa()));
    assertThat(parsed(after.rootCa()).notAfter()).isEqualTo(now.plus(Duration.ofDays(3650)));
    assertThat(stored()).isEqualTo(after);
  }

  @Test
  void takesTheNewDomain() {
    CertificateSet after;
    try (KeySet keys = keys()) {
      after =
          refresher(ISSUED, machine.guest(), true)
              .refresh(keys, Optional.of(before), new RpcDomain("other.example.com"));
    }

    assertThat(parsed(after.rpc()).subject().utf8Text()).contains("other.example.com");
  }

  @Test
  void makesMissingCertificatesFromTheKeys() throws IOException {
    Files.delete(folder.resolve("certs/root-ca.crt"));
    Files.delete(folder.resolve("certs/rpc.crt"));
    CertificateSet after;
    try (KeySet keys = missing().keys()) {
      after = refresher(ISSUED, machine.guest(), true).refresh(keys, Optional.empty(), DOMAIN);
    }

    assertThat(spki(after.rootCa())).isEqualTo(spki(before.rootCa()));
    assertThat(stored()).isEqualTo(after);
  }

  @Test
  void refusesToStartWithoutFreshEvidenceAndLeavesEverythingAsItWas() {
    assertThatThrownBy(() -> refresh(ISSUED, FakeQuotes.none(), true))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(REFUSED + "failed to get a quote for the KMS RPC certificate.")
        .hasMessageEndingWith("the guest agent cannot be reached");
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void refusesToStartOnEvidenceThatIsNone() {
    QuoteSource garbage = FakeQuotes.answering(_ -> Bytes.fromHex("ff"));

    assertThatThrownBy(() -> refresh(ISSUED, garbage, true))
        .isInstanceOf(RefusalException.class)
        .hasMessage(REFUSED + "Invalid attestation: Unknown attestation wire format");
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void refusesACertificateOfAnotherAuthority() {
    CertificateSet foreign;
    try (SigningKeys others = SigningKeys.generate(new SecureRandom())) {
      foreign = issuer(ISSUED, machine.guest(), true).issue(others, DOMAIN);
    }

    try (KeySet keys = keys()) {
      CertificateRefresh refresh = refresher(ISSUED, machine.guest(), true);
      assertThatThrownBy(() -> refresh.refresh(keys, Optional.of(foreign), DOMAIN))
          .isInstanceOf(RefusalException.class)
          .hasMessage(REFUSED + "CA certificate does not match private key");
    }
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void needsNoEvidenceWhereTheConfigurationSaysSo() {
    CertificateSet after = refresh(ISSUED, FakeQuotes.none(), false);

    assertThat(after.rpc()).isNotEqualTo(before.rpc());
  }

  private CertificateSet refresh(Instant now, QuoteSource quotes, boolean attested) {
    try (KeySet keys = keys()) {
      return refresher(now, quotes, attested).refresh(keys, Optional.of(stored()), DOMAIN);
    }
  }

  private CertificateRefresh refresher(Instant now, QuoteSource quotes, boolean attested) {
    return new CertificateRefresh(store, issuer(now, quotes, attested), InstantSource.fixed(now));
  }

  private static CertificateIssuer issuer(Instant now, QuoteSource quotes, boolean attested) {
    return new CertificateIssuer(new Certificates(InstantSource.fixed(now)), quotes, attested);
  }

  private CertificateSet stored() {
    try (KeyMaterial material = material()) {
      return material.certificates();
    }
  }

  private KeySet keys() {
    return material().keys();
  }

  private KeyMaterial material() {
    return ((StoredState.Complete) store.read(Optional.empty())).material();
  }

  private StoredState.CertificatesMissing missing() {
    return (StoredState.CertificatesMissing) store.read(Optional.empty());
  }

  private static ParsedCertificate parsed(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem));
  }

  private static Bytes spki(String pem) {
    return parsed(pem).spki();
  }
}
