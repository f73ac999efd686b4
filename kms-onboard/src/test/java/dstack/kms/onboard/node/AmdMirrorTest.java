package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mirror of AMD's service at an address and a port of the operator's, under a configuration
 * without any weakening. The list that it hands out is a real one, of Intel's.
 */
final class AmdMirrorTest {
  private static final String AMDS = "https://kdsintf.amd.com/vcek/v1/Genoa/crl";
  private static final Bytes LIST =
      Bytes.fromHex(
          Vectors.json("tdx/tdx_quote_v4_a.collateral.json").get("root_ca_crl").stringValue());
  private static final RevocationList PARSED = RevocationList.parse(LIST);

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer mirror;
  private IssuerSources sources;

  @BeforeEach
  void serve() throws IOException {
    // Not one of the names that stand for the simulated platform's addresses.
    mirror = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
    mirror.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, LIST.length());
            exchange.getResponseBody().write(LIST.toArray());
          }
        });
    mirror.start();
    sources =
        IssuerSources.of(
            KmsConfig.load(
                ConfigSources.none()
                    .withFlags(
                        Map.of(
                            "core.cert_dir",
                            "/keys",
                            "core.attestation.urls.amd_kds",
                            at("/kds/vcek/v1/")))),
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    sources.close();
    mirror.stop(0);
  }

  private String at(String path) {
    return "http://127.0.0.2:" + mirror.getAddress().getPort() + path;
  }

  private static void refuses(IssuerDocuments documents, String uri) {
    assertThatThrownBy(() -> documents.revocationList(uri, PARSED.issuer()))
        .as(uri)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.ADDRESS));
  }

  @Test
  void handsOutTheListsThatLieAtAmdsServiceByTheirCertificates() {
    RevocationList found = sources.amd().revocationList(AMDS, PARSED.issuer()).orElseThrow();

    assertThat(found.issuer().der()).isEqualTo(PARSED.issuer().der());
    assertThat(found.thisUpdate()).isEqualTo(PARSED.thisUpdate());
    assertThat(asked).containsExactly("/kds/vcek/v1/Genoa/crl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/other",
        "/kds/vcek/v1",
        "/kds/vcek/v1/../../admin",
        "/kds/vcek/v2/Genoa/crl"
      })
  void t25_isAskedForNothingElse(String path) {
    refuses(sources.amd(), at(path));
    assertThat(asked).isEmpty();
  }

  @Test
  void t25_isAskedForNothingOfOtherMakers() {
    for (IssuerDocuments other : List.of(sources.google(), sources.amazon())) {
      refuses(other, at("/kds/vcek/v1/Genoa/crl"));
      refuses(other, AMDS);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void t25_bringsNoOtherAddressIntoReach() {
    refuses(sources.amd(), "http://127.0.0.2/kds/vcek/v1/Genoa/crl");
    refuses(sources.amd(), at("/kds/vcek/v1/Genoa/crl").replace("127.0.0.2", "127.0.0.1"));
    refuses(sources.amd(), "https://kdsintf.amd.com:8443/vcek/v2/Genoa/crl");
    refuses(sources.amd(), "http://169.254.169.254/kds/vcek/v1/Genoa/crl");
    assertThat(asked).isEmpty();
  }
}
