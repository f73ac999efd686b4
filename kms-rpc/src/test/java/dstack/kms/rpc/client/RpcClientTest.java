package dstack.kms.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.kms.TestNode;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against the real server: trust before sending, deadlines and limits. */
final class RpcClientTest {
  private static final ClientLimits SHORT =
      new ClientLimits(
          Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMillis(500), 1 << 20);

  @TempDir private Path folder;
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private RpcUrl url() {
    return RpcUrl.ofKms("https://127.0.0.1:" + node.server.port());
  }

  private ServerTrust root() {
    return new ServerTrust.RootCa(Pem.decode(node.keys.rootCa().pem()));
  }

  private static RefusalException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    try {
      call.call();
    } catch (RefusalException e) {
      return e;
    } catch (Throwable e) {
      throw new AssertionError("not a refusal", e);
    }
    throw new AssertionError("not refused");
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void getsKeysAsAGuestDoes(TlsEngine engine) {
    try (RpcClient client = new RpcClient(engine, ClientLimits.DEFAULT)) {
      GetTempCaCertResponse temp;
      try (RpcConnection first =
          client.connect(url(), new ServerTrust.Unverified(), Optional.empty())) {
        temp =
            first.call(
                "GetTempCaCert",
                Empty.getDefaultInstance(),
                GetTempCaCertResponse.getDefaultInstance());
      }
      ServerTrust trust = new ServerTrust.RootCa(Pem.decode(temp.getCaCert()));
      try (RpcConnection second = client.connect(url(), trust, Optional.of(identity()))) {
        for (int i = 0; i < 2; i++) {
          AppKeyResponse keys =
              second.call(
                  "GetAppKey",
                  GetAppKeyRequest.newBuilder().setApiVersion(1).build(),
                  AppKeyResponse.getDefaultInstance());
          assertThat(Bytes.of(keys.getK256Key().toByteArray()).hex())
              .isEqualTo("bc7d0b2c2e7c959246e22a463578abbb2a95a72797df1d8c10e06dd39244466e");
        }
      }
    }
  }

  private TlsIdentity identity() {
    P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
    Bytes evidence = node.evidence(TestNode.APP1, key.publicKey().subjectPublicKeyInfo());
    Certificates certificates = new Certificates(InstantSource.fixed(TestNode.NOW));
    P256PrivateKey temp = P256PrivateKey.fromPkcs8Pem(node.keys.tempCaKey());
    String pem =
        certificates.tempClient(
            dstack.kms.core.certificate.CertificateAuthority.of(
                node.keys.tempCaCertificate(), temp),
            key.publicKey(),
            evidence);
    return TlsIdentity.of(Pem.decode(pem), key);
  }

  @Test
  void showsTheServersCertificateBeforeAnythingIsSent() {
    try (RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
        RpcConnection connection =
            client.connect(url(), new ServerTrust.Unverified(), Optional.empty())) {
      ParsedCertificate seen = ParsedCertificate.parse(connection.serverCertificate());
      assertThat(node.authority.questions).isEmpty();
      try (RpcConnection pinned =
          client.connect(url(), new ServerTrust.PinnedKey(seen.spki()), Optional.empty())) {
        assertThat(
                pinned
                    .call(
                        "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance())
                    .getGatewayAppId())
            .isEqualTo("gateway-1");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t19_refusesAServerOfAnotherKeyOrRoot(TlsEngine engine) {
    P256PrivateKey stranger = P256PrivateKey.generate(new SecureRandom());
    String otherRoot = new Certificates(InstantSource.fixed(TestNode.NOW)).rootCa(stranger).pem();
    ServerTrust[] wrong = {
      new ServerTrust.PinnedKey(stranger.publicKey().subjectPublicKeyInfo()),
      new ServerTrust.RootCa(Pem.decode(otherRoot))
    };
    try (RpcClient client = new RpcClient(engine, ClientLimits.DEFAULT)) {
      for (ServerTrust trust : wrong) {
        RefusalException refused = refusal(() -> client.connect(url(), trust, Optional.empty()));
        assertThat(refused.code()).as(refused.detail()).isEqualTo(ClientRefusal.UNTRUSTED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void refusesAServerWhoseCertificateIsForAnotherName(TlsEngine engine) {
    RpcUrl other = RpcUrl.ofKms("https://localhost:" + node.server.port());
    try (RpcClient client = new RpcClient(engine, ClientLimits.DEFAULT)) {
      assertThat(refusal(() -> client.connect(other, root(), Optional.empty())).code())
          .isEqualTo(ClientRefusal.UNTRUSTED);
    }
  }

  @Test
  void tellsWhatTheServerSaid() {
    try (RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
        RpcConnection connection = client.connect(url(), root(), Optional.empty())) {
      RefusalException refused =
          refusal(
              () ->
                  connection.call(
                      "GetAppKey",
                      GetAppKeyRequest.getDefaultInstance(),
                      AppKeyResponse.getDefaultInstance()));
      assertThat(refused.code()).isEqualTo(ClientRefusal.REFUSED_BY_SERVER);
      assertThat(refused.text())
          .isEqualTo(
              "Request failed with status=400, error={\n"
                  + "  \"error\": \"App not allowed: No attestation provided\"\n}");
    }
  }

  @Test
  void refusesAnswersBeyondItsLimit() {
    ClientLimits tiny =
        new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 64);
    try (RpcClient client = new RpcClient(TlsEngine.AUTO, tiny);
        RpcConnection connection = client.connect(url(), root(), Optional.empty())) {
      assertThat(
              refusal(
                      () ->
                          connection.call(
                              "GetMeta",
                              Empty.getDefaultInstance(),
                              GetMetaResponse.getDefaultInstance()))
                  .code())
          .isEqualTo(ClientRefusal.UNREACHABLE);
    }
  }

  @Test
  void givesUpOnServersThatAreSilentOrAbsent() throws IOException {
    RpcUrl url;
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      url = RpcUrl.parse("https://127.0.0.1:" + silent.getLocalPort());
      assertThat(connecting(url).code()).isEqualTo(ClientRefusal.UNREACHABLE);
    }
    assertThat(connecting(url).code()).isEqualTo(ClientRefusal.UNREACHABLE);
  }

  private static RefusalException connecting(RpcUrl url) {
    try (RpcClient client = new RpcClient(TlsEngine.AUTO, SHORT)) {
      return refusal(() -> client.connect(url, new ServerTrust.Unverified(), Optional.empty()));
    }
  }

  @Test
  void readsTheUrlsThatOperatorsWrite() {
    assertThat(RpcUrl.ofKms("https://kms.example"))
        .isEqualTo(new RpcUrl("kms.example", 443, "/prpc"));
    assertThat(RpcUrl.ofKms("https://kms.example:12001/prpc//"))
        .isEqualTo(new RpcUrl("kms.example", 12001, "/prpc"));
    assertThat(RpcUrl.ofKms("HTTPS://[::1]:8/x")).isEqualTo(new RpcUrl("::1", 8, "/x/prpc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://kms.example",
        "kms.example",
        "https://",
        "https:///x",
        "https://a b",
        "https://u:p@kms.example",
        "https://kms.example/?x",
        "https://kms.example/#x",
        ""
      })
  void refusesOtherUrls(String text) {
    assertThatThrownBy(() -> RpcUrl.parse(text))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("not an https URL");
  }
}
