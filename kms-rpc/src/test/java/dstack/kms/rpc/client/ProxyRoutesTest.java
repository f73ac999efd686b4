package dstack.kms.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of proxies, as curl and the released clients read them. */
final class ProxyRoutesTest {
  private static final Route DIRECT = new Route.Direct();

  private static Route route(String host, Map<String, String> variables) {
    return ProxyRoutes.of(variables).to(new RpcUrl(host, 12001, "/prpc"));
  }

  private static Route through(String host, int port) {
    return new Route.Proxy(new Route.Hop.Tcp(host, port), Optional.empty());
  }

  @Test
  void goesStraightWithoutVariables() {
    assertThat(route("kms.example", Map.of())).isEqualTo(DIRECT);
    assertThat(route("kms.example", Map.of("HTTPS_PROXY", " ", "HTTP_PROXY", "http://p:1")))
        .isEqualTo(DIRECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
  void takesTheProxyOfEachVariable(String name) {
    assertThat(route("kms.example", Map.of(name, "http://127.0.0.1:3128")))
        .isEqualTo(through("127.0.0.1", 3128));
  }

  @Test
  void takesHttpsBeforeAllAndUpperCaseBeforeLower() {
    Map<String, String> variables = new HashMap<>();
    variables.put("all_proxy", "d:4");
    variables.put("ALL_PROXY", "c:3");
    assertThat(route("kms.example", variables)).isEqualTo(through("c", 3));
    variables.put("https_proxy", "b:2");
    assertThat(route("kms.example", variables)).isEqualTo(through("b", 2));
    variables.put("HTTPS_PROXY", "a:1");
    assertThat(route("kms.example", variables)).isEqualTo(through("a", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|kms.example",
        "kms.example|kms.example",
        "KMS.Example|kms.example",
        "kms.example|KMS.EXAMPLE",
        "example|kms.example",
        ".example|kms.example",
        " a.b , kms.example |kms.example",
        "127.0.0.1,localhost|localhost",
        "127.0.0.1,localhost|127.0.0.1",
        "10.0.0.0/8|10.200.3.4",
        "10.1.2.3/32|10.1.2.3",
        "0.0.0.0/0|203.0.113.9",
        "fd00::/8|fd12::1",
        "::1|::1",
        "[::1]|::1"
      })
  void leavesTheProxyOutForExemptHosts(String exempt, String host) {
    assertThat(route(host, Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exempt))).isEqualTo(DIRECT);
    assertThat(route(host, Map.of("HTTPS_PROXY", "p:1", "no_proxy", exempt))).isEqualTo(DIRECT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xample|kms.example",
        "kms.exampl|kms.example",
        "other.kms.example|kms.example",
        "10.0.0.0/8|11.0.0.1",
        "10.0.0.0/33|10.0.0.1",
        "10.0.0.0/x|10.0.0.1",
        "x/8|10.0.0.1",
        "10.0.0.0/8|kms.example",
        "fd00::/8|10.0.0.1",
        "0.1|10.0.0.1",
        ",,|kms.example"
      })
  void keepsTheProxyForAllOthers(String exempt, String host) {
    assertThat(route(host, Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exempt)))
        .isEqualTo(through("p", 1));
  }

  @Test
  void readsCredentialsVsockAndAddresses() {
    assertThat(ProxyRoutes.parse("http://u%40x:p+%3A@[::1]:3128/"))
        .isEqualTo(new Route.Proxy(new Route.Hop.Tcp("::1", 3128), Optional.of("u@x:p+:")));
    assertThat(ProxyRoutes.parse("proxy.internal")).isEqualTo(through("proxy.internal", 80));
    assertThat(ProxyRoutes.parse("vsock://3:3128"))
        .isEqualTo(
            new Route.Proxy(new Route.Hop.Vsock(new Route.VsockPort(3, 3128)), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://p:1",
        "socks5://p:1",
        "http://p:1/path",
        "http://p:1?q",
        "http://p:70000",
        "http://p:0",
        "http://",
        "vsock://3",
        "vsock://x:1",
        "vsock://4294967296:1",
        "vsock://3:4294967296",
        "http://secret:pass word@p:1"
      })
  void refusesEverythingElseWithoutRepeatingIt(String proxy) {
    assertThatThrownBy(() -> ProxyRoutes.of(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ClientRefusal.BAD_PROXY);
              assertThat(e.text() + e.detail()).doesNotContain("pass word");
            });
  }

  @Test
  void t39_showsNoCredentials() {
    assertThat(ProxyRoutes.parse("http://user:secret@p:1").toString()).doesNotContain("secret");
  }
}
