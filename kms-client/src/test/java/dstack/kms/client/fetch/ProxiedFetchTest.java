package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.Hostile;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.ProxyRoutes;
import dstack.kms.rpc.client.Routes;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.ConnectProxy;
import dstack.kms.testkit.LogCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys through a proxy that is the host's: it may refuse and lie, and learns nothing. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProxiedFetchTest {
  private static final String PASSWORD = "hunter2hunter2";

  private TestPlatform platform;
  private TestKms kms;
  private ConnectProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
  }

  @AfterAll
  void stop() {
    kms.close();
  }

  @BeforeEach
  void startProxy() {
    proxy = ConnectProxy.onLoopback(kms.port());
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
  }

  private Enclave enclave(Routes routes) {
    return new Enclave(platform).trustingRoot(kms.rootCa()).through(routes);
  }

  private Routes variables(Map<String, String> variables) {
    return ProxyRoutes.of(variables);
  }

  private String address() {
    return "http://127.0.0.1:" + proxy.port();
  }

  private void getsKeys(Routes routes) {
    try (Fetched fetched = enclave(routes).fetch(kms.url())) {
      assertThat(fetched.sealed()).isTrue();
    }
  }

  private RefusalException refused(RefusalCode code, Enclave enclave) {
    RefusalException[] seen = new RefusalException[1];
    assertThatThrownBy(() -> inOwnTime(enclave, kms.url()))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              seen[0] = e;
            });
    return seen[0];
  }

  /** Pauses between tries take no time. */
  private static void inOwnTime(Enclave enclave, String url) {
    new KeyFetch(enclave.plan(), enclave.machine(), new JumpingTime())
        .run(List.of(RpcUrl.ofKms(url)), Duration.ofSeconds(20))
        .close();
  }

  @Test
  void comeThroughTheProxyOfEachVariableAndPastItWhereTheHostIsExempt() {
    for (String name : new String[] {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
      getsKeys(variables(Map.of(name, address())));
    }
    assertThat(proxy.heads()).hasSize(4);
    for (String exempt : new String[] {"127.0.0.1", "*", "10.0.0.0/8,127.0.0.0/8"}) {
      getsKeys(variables(Map.of("HTTPS_PROXY", address(), "NO_PROXY", exempt)));
    }
    assertThat(proxy.heads()).hasSize(4);
    getsKeys(variables(Map.of("HTTPS_PROXY", address(), "NO_PROXY", "kms.example,128.0.0.0/1")));
    assertThat(proxy.heads()).hasSize(5);
  }

  /** Where both spellings say something, every other client goes by the upper case as well. */
  @Test
  void doNotComeThroughTheProxyThatALesserVariableNames() {
    getsKeys(
        variables(
            Map.of(
                "HTTPS_PROXY", address(), "https_proxy", "http://127.0.0.1:1", "ALL_PROXY", "x")));
    getsKeys(variables(Map.of("HTTP_PROXY", "http://127.0.0.1:1")));
  }

  @Test
  void t39_showThePasswordToTheProxyAndToNobodyElse() {
    String url = address().replace("//", "//user:" + PASSWORD + "@");
    try (LogCapture log = new LogCapture()) {
      getsKeys(variables(Map.of("HTTPS_PROXY", url)));
      assertThat(proxy.heads().getFirst()).contains("Proxy-Authorization: Basic ");
      proxy.answerWith("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      RefusalException e =
          refused(ClientRefusal.PROXY_REFUSED, enclave(variables(Map.of("HTTPS_PROXY", url))));
      assertThat(e.text()).contains("status 407");
      assertThat(e.text() + e.detail() + log.lines()).doesNotContain(PASSWORD);
    }
    assertThatThrownBy(() -> variables(Map.of("HTTPS_PROXY", "ftp://user:" + PASSWORD + "@x")))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ClientRefusal.BAD_PROXY);
              assertThat(e.text() + e.detail()).doesNotContain(PASSWORD);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "garbage\r\n\r\n",
        "\u0016\u0003\u0003\r\n\r\n",
      })
  void doNotComeThroughAProxyThatOpensNoTunnel(String answer) {
    proxy.answerWith(answer);
    refused(ClientRefusal.PROXY_REFUSED, enclave(variables(Map.of("HTTPS_PROXY", address()))));
  }

  @Test
  void doNotComeThroughAProxyWhoseHeadDoesNotEnd() {
    proxy.answerWith(
        "HTTP/1.1 200 OK\r\n" + "X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(300));
    refused(ClientRefusal.PROXY_REFUSED, enclave(variables(Map.of("HTTPS_PROXY", address()))));
  }

  /** It says 200 and goes on itself, in plain text or as a TLS server of its own. */
  @Test
  void t19_doNotComeFromAProxyThatAnswersInTheServersPlace() {
    try (Hostile plain =
            Hostile.answering("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
        TestKms own = new TestKms(platform, 1, ServerKind.ORDINARY);
        ConnectProxy between = ConnectProxy.onLoopback(own.port(), kms.port())) {
      refused(
          ClientRefusal.PROXY_REFUSED,
          enclave(variables(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + plain.port()))));
      assertThatThrownBy(
              () ->
                  inOwnTime(
                      enclave(
                          variables(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + between.port()))),
                      own.url()))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(FetchRefusal.OTHER_ROOT_CA));
      assertThat(own.answers.asked()).isEmpty();
    }
  }

  @Test
  void areBoundedInTimeWhereTheProxySaysNothing() {
    try (Hostile silent = Hostile.silent()) {
      String url = "http://127.0.0.1:" + silent.port();
      assertThatThrownBy(
              () ->
                  enclave(variables(Map.of("HTTPS_PROXY", url)))
                      .within(Duration.ofSeconds(1))
                      .fetch(kms.url())
                      .close())
          .isInstanceOf(RefusalException.class);
    }
  }
}
