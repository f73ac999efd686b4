package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that is ten years off releases nothing and harms nothing. */
@Tag("faults")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClockFaultsTest {
  private Path folder;
  private Host host;
  private Node node;
  private Client client;
  private String published;

  @BeforeAll
  void setUp(@TempDir Path shared) {
    folder = shared;
    host = new Host(shared);
    node = new Node(host, shared.resolve("certs"));
    client = new Client(host);
    try (Background program = node.start()) {
      program.await(Node.SETTING_UP);
      published = node.bootstrapped();
      node.finish();
      program.await(Node.READY);
      assertThat(client.ask(host)).contains("\"k256_key\"");
      program.kill();
    }
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+10y", "-10y"})
  void aNodeThatWasStartedWithTheWrongTimeServesAgainWithTheRightOne(String shift)
      throws IOException {
    // Not by the program faketime, which would stand between the node and what ends it.
    Map<String, String> wrong = Map.of("LD_PRELOAD", library().toString(), "FAKETIME", shift);
    try (Background program = node.start(List.of(), wrong)) {
      program.await(Node.READY);
      assertThat(client.ask(host)).contains("\"error\"").doesNotContain("k256_key");
      assertThat(program.output()).doesNotContain("\tat ");
      program.kill();
    }
    try (Background program = node.start()) {
      program.await(Node.READY);
      NextStart.serves(node, node.certs(), Optional.of(published));
      assertThat(client.ask(host)).contains("\"k256_key\"");
      assertThat(trusted()).isEqualTo(0);
      program.kill();
    }
    FaultTable.enter("start, clock " + shift, "1 refused meanwhile, 0 lost, then it served");
  }

  @Test
  void aClockThatJumpsWhileTheNodeRunsStopsTheReleasesUntilItIsRight() throws IOException {
    Path offset = folder.resolve("offset");
    tell(offset, "+0");
    Map<String, String> faketime =
        Map.of(
            "LD_PRELOAD",
            library().toString(),
            "FAKETIME_TIMESTAMP_FILE",
            offset.toString(),
            "FAKETIME_CACHE_DURATION",
            "1",
            "FAKETIME_DONT_FAKE_MONOTONIC",
            "1");
    int jumps = 0;
    try (Background program = node.start(List.of(), faketime)) {
      program.await(Node.READY);
      for (String shift : List.of("+10y", "-10y")) {
        tell(offset, shift);
        await("\"error\"");
        assertThat(client.ask(host)).as(shift).doesNotContain("k256_key");
        tell(offset, "+0");
        await("\"k256_key\"");
        jumps++;
      }
      NextStart.serves(node, node.certs(), Optional.of(published));
      assertThat(program.output()).doesNotContain("\tat ");
      program.kill();
    }
    FaultTable.enter("serving, clock jumps", jumps + " there and back, 0 released meanwhile");
  }

  /** Asks until the program has looked at the clock again, which it does every second. */
  private void await(String wanted) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    String answer = client.ask(host);
    while (!answer.contains(wanted) && System.nanoTime() < deadline) {
      answer = client.ask(host);
    }
    assertThat(answer).contains(wanted);
  }

  /** What a strict client's handshake with the node ends with. */
  private int trusted() {
    return Program.run(
            List.of(
                Tool.require("curl").toString(),
                "-s",
                "--cacert",
                node.certs().resolve("root-ca.crt").toString(),
                host.url("https", "/prpc/GetMeta?json"),
                "-d",
                "{}"))
        .status();
  }

  /** Replaced in one step: the program reads it at every look at the clock. */
  private static void tell(Path offset, String shift) throws IOException {
    Path fresh = offset.resolveSibling("offset.new");
    Files.writeString(fresh, shift + "\n");
    Files.move(fresh, offset, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path library() throws IOException {
    Tool.require("faketime");
    try (Stream<Path> found =
        Files.find(Path.of("/usr/lib"), 4, (path, _) -> path.endsWith("libfaketimeMT.so.1"))) {
      return found.findFirst().orElseThrow(() -> LeftOut.because("libfaketimeMT.so.1"));
    }
  }
}
