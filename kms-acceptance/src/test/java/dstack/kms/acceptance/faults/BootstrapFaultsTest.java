package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14: an operator sets up a node, and the machine fails at every call that writes. */
@Tag("faults")
@Timeout(3600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BootstrapFaultsTest {
  private static final int USUAL_KILLS = 5;
  private static final int USUAL_STARTS = 6;

  private Path folder;
  private Host host;

  @BeforeAll
  void machine(@TempDir Path shared) {
    folder = shared;
    host = new Host(shared);
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @Test
  void t14_keysThatWerePublishedOutliveALossOfPowerAtEveryCall() {
    try (Disk disk = new Disk(folder, 6 << 20)) {
      Node node = new Node(host, disk.inside().resolve("certs"));
      List<Call> calls = calls(node, disk.sandbox());
      disk.sandbox().run("rm", "-rf", node.certs().toString()).success();
      disk.settle();
      Moments moments = new Moments(disk, "certs");
      Path pipe = folder.resolve("stops");
      CompletableFuture<Void> walk = new StopWalk(pipe, disk.inside(), moments::take).follow();
      List<String> starter = new java.util.ArrayList<>(disk.sandbox().starter());
      starter.addAll(Trace.stoppingAt(pipe, calls));
      try (Background program = node.start(starter, Map.of())) {
        setUp(node, program, moments);
        program.kill();
      }
      StopWalk.end(walk);
      assertThat(moments.count()).isGreaterThanOrEqualTo(calls.size());
      FaultTable.enter("bootstrap, power loss", moments.examine(host, USUAL_STARTS));
    }
  }

  @Test
  void t14_aProgramThatIsKilledAtACallLeavesAllOrNothing() {
    Node watched = new Node(host, folder.resolve("watched"));
    List<Call> calls = calls(watched, null);
    int offered = 0;
    List<Integer> points = Scope.of(IntStream.range(0, calls.size()).boxed().toList(), USUAL_KILLS);
    for (int point : points) {
      Node node = new Node(host, folder.resolve("watched"));
      Program.run(List.of("rm", "-rf", node.certs().toString())).success();
      Optional<String> published = killed(node, Trace.killingAt(Path.of("/dev/null"), calls, point));
      offered += NextStart.from(host, node.certs(), published) == NextStart.OFFERED_SET_UP ? 1 : 0;
    }
    FaultTable.enter(
        "bootstrap, kill",
        points.size()
            + " kills of "
            + calls.size()
            + " points, 0 lost ("
            + offered
            + " times set-up was offered again)");
  }

  /** The answer of a set-up under whose program the tracer kills it. */
  private static Optional<String> killed(Node node, List<String> killer) {
    try (Background program = node.start(killer, Map.of())) {
      Optional<String> published = Optional.empty();
      if (program.awaitOrEnd(Node.SETTING_UP)) {
        published = node.bootstrap();
        published.ifPresent(_ -> node.finish());
      }
      assertThat(program.status()).as(program::output).isEqualTo(137);
      return published;
    }
  }

  private static void setUp(Node node, Background program, Moments moments) {
    program.await(Node.SETTING_UP);
    moments.published(node.bootstrapped());
    node.finish();
    program.await(Node.READY);
    moments.take(new Call("served", List.of()));
  }

  /** All calls of a whole set-up that write to where the keys are. */
  private List<Call> calls(Node node, @org.jspecify.annotations.Nullable Sandbox sandbox) {
    Path output = folder.resolve("watched.trace");
    List<String> starter = new java.util.ArrayList<>();
    if (sandbox != null) {
      starter.addAll(sandbox.starter());
    }
    starter.addAll(Trace.watching(output));
    try (Background program = node.start(starter, Map.of())) {
      program.await(Node.SETTING_UP);
      node.bootstrapped();
      node.finish();
      program.await(Node.READY);
      program.kill();
    }
    return Host.read(output)
        .lines()
        .flatMap(Call::of)
        .filter(call -> call.within(node.certs()))
        .toList();
  }
}
