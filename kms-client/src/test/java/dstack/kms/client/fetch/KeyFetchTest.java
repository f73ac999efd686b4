package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.client.keys.VerifiedAppKeys;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.trust.KmsJudge;
import dstack.kms.client.trust.KmsTrust;
import dstack.kms.client.trust.RootCaPin;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** An enclave gets the keys of the vectors, whatever of the KMS it goes by. */
@Timeout(180)
final class KeyFetchTest {
  @TempDir private Path folder;
  private TestPlatform platform;
  private TestKms kms;

  @BeforeEach
  void start() {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private static void assertKeysOfTheVectors(VerifiedAppKeys keys) {
    JsonNode app = Vectors.json("keys.json").at("/roots/0/apps/0");
    try (Secret scalar = keys.k256Key().scalar()) {
      assertThat(hex(keys.diskCryptKey())).isEqualTo(app.at("/disk/disk_crypt_key").asString());
      assertThat(hex(keys.envCryptKey())).isEqualTo(app.at("/env/env_crypt_key").asString());
      assertThat(hex(scalar)).isEqualTo(app.at("/k256/k256_key").asString());
    }
    assertThat(keys.k256Signature().value().hex())
        .isEqualTo(app.at("/k256/k256_signature").asString());
    assertThat(keys.gatewayAppId()).isEqualTo("gateway-1");
  }

  private static String hex(Secret secret) {
    return secret.expose(raw -> Bytes.of(raw).hex());
  }

  @Test
  void byARootCaSealedOverOneConnection() {
    try (Fetched fetched = new Enclave(platform).trustingRoot(kms.rootCa()).fetch(kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
      assertThat(fetched.sealed()).isTrue();
    }
    assertThat(kms.answers.asked()).containsExactly("GetTempCaCert", "GetMeta", "GetAppKeySealed");
  }

  @Test
  void byARootK256KeyWithoutBelievingAnythingElse() {
    try (Fetched fetched =
        new Enclave(platform).trustingK256(kms.keys.roots().k256().publicKey()).fetch(kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
    }
    assertThat(kms.answers.asked()).containsExactly("GetTempCaCert", "GetAppKeySealed");
  }

  @Test
  void byEvidenceAndTheWordOfAnAuthority() {
    try (Fetched fetched = new Enclave(platform).trustingEvidence(kms.authority).fetch(kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
    }
  }

  @Test
  void byAllThreeTogether() {
    KmsTrust all =
        KmsTrust.of(
            Optional.of(RootCaPin.ofPem(kms.rootCa())),
            Optional.of(kms.keys.roots().k256().publicKey()),
            Optional.of(new KmsJudge(platform.verifier(), kms.authority)));
    try (Fetched fetched =
        new Enclave(platform).trusting(all).expectingGateway("gateway-1").fetch(kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
    }
  }

  @ParameterizedTest
  @EnumSource(ClientIdentity.class)
  void plainWithEitherCertificateOverASecondConnection(ClientIdentity identity) {
    for (Enclave enclave :
        new Enclave[] {
          new Enclave(platform).trustingRoot(kms.rootCa()),
          new Enclave(platform).trustingEvidence(kms.authority),
          new Enclave(platform),
        }) {
      try (Fetched fetched = enclave.by(Delivery.PLAIN).as(identity).fetch(kms.url())) {
        assertKeysOfTheVectors(fetched.keys());
        assertThat(fetched.sealed()).isFalse();
      }
    }
  }

  @Test
  void plainFromAnOlderNodeWhereThatIsAllowed() {
    kms.answers.forget("GetAppKeySealed");
    try (Fetched fetched =
        new Enclave(platform)
            .trustingRoot(kms.rootCa())
            .by(Delivery.SEALED_IF_KNOWN)
            .fetch(kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
      assertThat(fetched.sealed()).isFalse();
    }
  }

  @Test
  void afterTheRootCaCertificateWasRenewed() {
    String renewed =
        new dstack.kms.core.certificate.Certificates(
                java.time.InstantSource.fixed(TestPlatform.NOW.minusSeconds(86_400)))
            .rootCa(kms.keys.roots().ca())
            .pem();
    assertThat(renewed).isNotEqualTo(kms.rootCa());
    try (Fetched fetched = new Enclave(platform).trustingRoot(renewed).fetch(kms.url())) {
      assertThat(fetched.keys().kms().rootCaPem()).isEqualTo(kms.rootCa());
    }
  }

  @Test
  void fromTheFirstServerOfSeveralThatGivesThem() {
    try (TestKms stranger = new TestKms(platform, 1, ServerKind.ORDINARY);
        Fetched fetched =
            new Enclave(platform)
                .trustingRoot(kms.rootCa())
                .fetch("https://127.0.0.1:1", stranger.url(), kms.url())) {
      assertKeysOfTheVectors(fetched.keys());
      assertThat(stranger.answers.asked()).isEmpty();
    }
  }
}
