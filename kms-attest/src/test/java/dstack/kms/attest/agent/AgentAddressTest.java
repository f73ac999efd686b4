package dstack.kms.attest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the agent listens: specification 10 §8. */
class AgentAddressTest {
  private static final Path NEWER = Path.of("/var/run/dstack/dstack.sock");
  private static final Path OLDER = Path.of("/var/run/dstack.sock");

  @Test
  void takesTheVariableVerbatimEvenIfItIsEmpty() {
    assertThat(AgentAddress.resolve(Map.of("DSTACK_AGENT_ADDRESS", "unix:/x"), path -> true))
        .isEqualTo("unix:/x");
    assertThat(AgentAddress.resolve(Map.of("DSTACK_AGENT_ADDRESS", ""), path -> true)).isEmpty();
  }

  @Test
  void readsNoOtherVariable() {
    Map<String, String> environment =
        Map.of("DSTACK_SIMULATOR_ENDPOINT", "unix:/a", "TAPPD_SIMULATOR_ENDPOINT", "unix:/b");
    assertThat(AgentAddress.resolve(environment, path -> false)).isEqualTo("unix:" + NEWER);
  }

  @Test
  void prefersTheNewerSocketAndFallsBackToItToo() {
    assertThat(resolve(Set.of(NEWER, OLDER))).isEqualTo("unix:" + NEWER);
    assertThat(resolve(Set.of(NEWER))).isEqualTo("unix:" + NEWER);
    assertThat(resolve(Set.of(OLDER))).isEqualTo("unix:" + OLDER);
    assertThat(resolve(Set.of())).isEqualTo("unix:" + NEWER);
  }

  @Test
  void readsASocketPath() {
    assertThat(AgentAddress.parse("unix:/run/a b.sock"))
        .isEqualTo(new AgentAddress(UnixDomainSocketAddress.of("/run/a b.sock"), "localhost", "/"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8090, 8090, 127.0.0.1:8090, /",
    "http://127.0.0.1:8090/, 8090, 127.0.0.1:8090, /",
    "http://127.0.0.1, 80, 127.0.0.1:80, /",
    "http://127.0.0.1:1/a/b, 1, 127.0.0.1:1, /a/b/",
  })
  void readsAnHttpBase(String text, int port, String host, String base) {
    assertThat(AgentAddress.parse(text))
        .isEqualTo(
            new AgentAddress(InetSocketAddress.createUnresolved("127.0.0.1", port), host, base));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vsock:2:8000", "vsock://2:8000", "vsock://2:8000/path"})
  void refusesVsockClearly(String text) {
    assertThatThrownBy(() -> AgentAddress.parse(text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AgentRefusal.ADDRESS))
        .hasMessageContaining("vsock, which is not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/run/a.sock",
        "unix:",
        "unix:a.sock",
        "https://127.0.0.1:1",
        "http://",
        "http:// x",
        "http://u:p@127.0.0.1",
        "http://127.0.0.1?x",
        "http://127.0.0.1#x",
        "tcp://127.0.0.1:1",
        "UNIX:/a",
        "http://127.0.0.1:99999",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> AgentAddress.parse(text)).isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesASocketPathThatNoFileCanHave() {
    assertThatThrownBy(() -> AgentAddress.parse("unix:/a\0b"))
        .isInstanceOf(RefusalException.class)
        .hasMessage("guest agent socket is no usable path");
  }

  private static String resolve(Set<Path> existing) {
    return AgentAddress.resolve(Map.of(), existing::contains);
  }
}
