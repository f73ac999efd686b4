package dstack.kms.rpc.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.http.Curl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Specifications 00 §9, 02 §6 and 90 §2 with both engines and openssl and curl as clients. */
final class RaTlsServerTest {
  @TempDir private Path folder;

  private static void with(TlsEngine engine, Consumer<TestServer> use) {
    try (TestServer server = new TestServer(engine)) {
      use.accept(server);
    }
  }

  private void passes(TlsEngine engine, String version, OddCertificate odd) {
    passes(engine, version, odd, odd.build());
  }

  private void passes(
      TlsEngine engine, String version, OddCertificate odd, X509CertificateHolder certificate) {
    with(
        engine,
        server -> {
          Path file = odd.write(folder, certificate);
          String output = new SClient(server.port(), version).certificate(file).get("/");
          assertThat(output).contains(TestServer.sha256(certificate).hex());
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void servesClientsWithoutACertificate(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          assertThat(new SClient(server.port(), version).get("/")).contains("no certificate");
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void takesLargeSelfIssuedCertificatesOf1975(TlsEngine engine, String version) {
    for (int kib : new int[] {1, 20, 40, 100, 127}) {
      passes(
          engine, version, OddCertificate.p256().extension("1.2.3.4", false, new byte[kib << 10]));
    }
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void endsTheHandshakeForCertificatesBeyond128Kib(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          OddCertificate odd =
              OddCertificate.p256().extension("1.2.3.4", false, new byte[140 << 10]);
          String output =
              new SClient(server.port(), version).certificate(odd.write(folder)).get("/");
          // The server sends an alert and closes; a client that is still writing may meet the
          // reset of the connection before it reads the alert.
          assertThat(output).doesNotContain("200 OK").containsAnyOf("alert", "write:errno");
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void takesCertificatesWhoseContentIsForOthersToJudge(TlsEngine engine, String version) {
    passes(engine, version, OddCertificate.p256().issuedByAStranger());
    passes(engine, version, OddCertificate.p256().certificateAuthority());
    passes(engine, version, OddCertificate.p256().extension("1.2.3.4", true, new byte[3]));
    passes(engine, version, OddCertificate.rsa());
    passes(engine, version, OddCertificate.p384());
    OddCertificate old = OddCertificate.p256();
    passes(engine, version, old, old.buildVersion1());
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void namesNoAcceptableAuthorities(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          assertThat(new SClient(server.port(), version).get("/"))
              .contains("No client certificate CA names sent");
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void neverResumesASession(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          Path session = folder.resolve(engine + version);
          String first =
              new SClient(server.port(), version, "-sess_out", session.toString()).get("/");
          assertThat(first).contains("200 OK").doesNotContain("Reused, ");
          // Without a ticket or a session id s_client has nothing to write.
          if (Files.exists(session)) {
            String second =
                new SClient(server.port(), version, "-sess_in", session.toString()).get("/");
            assertThat(second).contains("200 OK", "New, ").doesNotContain("Reused, ");
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_3", "JDK,-tls1_2", "BORINGSSL,-tls1_3", "BORINGSSL,-tls1_2"})
  void sendsNoTicket(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          assertThat(new SClient(server.port(), version).get("/"))
              .doesNotContain("TLS session ticket:")
              .doesNotContain("New Session Ticket arrived");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void offersHttp11OnlyByAlpn(TlsEngine engine) {
    with(
        engine,
        server -> {
          assertThat(new SClient(server.port(), "-alpn", "h2,http/1.1").get("/"))
              .contains("ALPN protocol: http/1.1");
          assertThat(new SClient(server.port(), "-alpn", "h2").get("/"))
              .doesNotContain("ALPN protocol: h2");
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK,-tls1_1", "JDK,-tls1", "BORINGSSL,-tls1_1", "BORINGSSL,-tls1"})
  void refusesOlderVersions(TlsEngine engine, String version) {
    with(
        engine,
        server -> {
          String output =
              new SClient(server.port(), version, "-cipher", "ALL:@SECLEVEL=0").get("/");
          assertThat(output).doesNotContain("200 OK");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void refusesSuitesWithoutForwardSecrecyOrAead(TlsEngine engine) {
    with(
        engine,
        server -> {
          for (String suite :
              new String[] {"ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "NULL"}) {
            String output =
                new SClient(server.port(), "-tls1_2", "-cipher", suite + ":@SECLEVEL=0").get("/");
            assertThat(output).doesNotContain("200 OK");
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void refusesToRenegotiate(TlsEngine engine) {
    with(
        engine,
        server -> {
          String output =
              new SClient(server.port(), "-tls1_2", "-legacy_server_connect").send("R\n");
          assertThat(output).doesNotContain("200 OK");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void presentsAReplacedCertificateToNewConnections(TlsEngine engine) {
    with(
        engine,
        server -> {
          assertThat(new SClient(server.port()).get("/")).contains("CN = localhost");
          server.tls.replace(TestServer.identity("renewed"));
          assertThat(new SClient(server.port()).get("/"))
              .contains("CN = renewed")
              .doesNotContain("CN = localhost");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void servesCurlWithAClientCertificate(TlsEngine engine) {
    with(
        engine,
        server -> {
          OddCertificate odd =
              OddCertificate.p256().extension(OddCertificate.EVIDENCE, false, new byte[20 << 10]);
          X509CertificateHolder certificate = odd.build();
          Path file = odd.write(folder, certificate);
          assertThat(
                  Curl.run(
                      "-k",
                      "--cert",
                      file.toString(),
                      "--key",
                      file + ".key",
                      "https://127.0.0.1:" + server.port() + "/"))
              .isEqualTo(TestServer.sha256(certificate).hex() + "\n");
        });
  }
}
