package dstack.kms.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.kms.TestNode;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.testkit.ConnectProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client through a proxy that opens tunnels. */
@Timeout(120)
final class TunnelTest {
  private static final ClientLimits SHORT =
      new ClientLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10), 1 << 20);

  @TempDir private Path folder;
  private TestNode node;
  private ConnectProxy proxy;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
    proxy = ConnectProxy.onLoopback(node.server.port());
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  private GetMetaResponse meta(TlsEngine engine, RpcUrl url, Routes routes) {
    ServerTrust root = new ServerTrust.RootCa(Pem.decode(node.keys.rootCa().pem()));
    try (RpcClient client = new RpcClient(engine, SHORT, routes);
        RpcConnection connection = client.connect(url, root, Optional.empty())) {
      return connection.call(
          "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
    }
  }

  private RpcUrl url() {
    return RpcUrl.ofKms("https://127.0.0.1:" + node.server.port());
  }

  private Routes byProxy(String credentials) {
    return ProxyRoutes.through("http://" + credentials + "127.0.0.1:" + proxy.port());
  }

  private void refuses(ClientRefusal code, RpcUrl url) {
    assertThatThrownBy(() -> meta(TlsEngine.AUTO, url, byProxy("")))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void speaksTlsWithTheServerInsideTheTunnel(TlsEngine engine) {
    assertThat(meta(engine, url(), byProxy("")).getCaCert()).isEqualTo(node.keys.rootCa().pem());
    assertThat(proxy.heads())
        .containsExactly(
            "CONNECT 127.0.0.1:"
                + node.server.port()
                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + node.server.port()
                + "\r\n\r\n");
  }

  @Test
  void showsCredentialsToTheProxyAlone() {
    meta(TlsEngine.AUTO, url(), byProxy("user:secret@"));
    assertThat(proxy.heads().getFirst())
        .contains("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n");
  }

  @Test
  void checksTheServersNameAsWithoutATunnel() {
    refuses(ClientRefusal.UNTRUSTED, RpcUrl.ofKms("https://kms.example:" + node.server.port()));
    assertThat(proxy.heads().getFirst()).startsWith("CONNECT kms.example:");
  }

  @Test
  void refusesWhenTheProxyDoesNotLetThrough() {
    refuses(ClientRefusal.PROXY_REFUSED, RpcUrl.ofKms("https://127.0.0.1:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n",
        "HTTP/2 200 \r\n\r\n",
        "SSH-2.0-dropbear\r\n\r\n",
        "HTTP/1.1 200 \r\n\r\nbytes that nobody asked for"
      })
  void refusesAnswersThatAreNotATunnel(String answer) {
    proxy.answerWith(answer);
    refuses(ClientRefusal.PROXY_REFUSED, url());
  }

  @Test
  void refusesAnEndlessHead() {
    proxy.answerWith("HTTP/1.1 200 OK\r\nX: " + "x".repeat(9000));
    refuses(ClientRefusal.PROXY_REFUSED, url());
  }

  @Test
  void isBoundedWhenTheProxySaysNothing() {
    proxy.answerWith("");
    refuses(ClientRefusal.UNREACHABLE, url());
  }

  @Test
  void saysThatTheProxyIsNotThere() {
    Routes routes = byProxy("");
    proxy.close();
    assertThatThrownBy(() -> meta(TlsEngine.AUTO, url(), routes))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ClientRefusal.UNREACHABLE);
              assertThat(e.text()).startsWith("cannot connect to the proxy 127.0.0.1:");
            });
  }
}
