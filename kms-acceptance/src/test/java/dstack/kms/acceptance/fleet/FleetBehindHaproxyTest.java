package dstack.kms.acceptance.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes behind HAProxy: a node that dies takes only what was running on it along. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FleetBehindHaproxyTest {
  private Host host;
  private List<FleetNode> nodes;
  private Balancer balancer;

  @BeforeAll
  void setUp(@TempDir Path folder) {
    host = new Host(folder);
    FleetNode first =
        new FleetNode(host, 1, Map.of("KMS_CORE_ONBOARD_AUTO_BOOTSTRAP_DOMAIN", "localhost"));
    first.program().await(FleetNode.READY);
    FleetNode second = new FleetNode(host, 2, Map.of());
    FleetNode third = new FleetNode(host, 3, Map.of());
    nodes = List.of(first, second.join(first), third.join(second));
    balancer = new Balancer(folder, nodes);
  }

  @AfterAll
  void stop() {
    balancer.close();
    nodes.forEach(FleetNode::close);
    host.close();
  }

  @Test
  void whicheverNodeDiesOnlyRequestsThatWereRunningFail() throws Exception {
    try (Load load = new Load(host, balancer.url())) {
      load.awaitMore(30);
      assertThat(load.requests()).noneMatch(Load.Request::failed);
      for (FleetNode node : nodes) {
        long before = System.nanoTime();
        node.kill();
        long after = System.nanoTime();
        load.awaitMore(60);
        assertThat(load.requests().stream().filter(Load.Request::failed))
            .allMatch(request -> request.began() <= after);
        assertThat(load.requests().stream().filter(request -> request.began() > before))
            .as("goes on without node " + node.number())
            .hasSizeGreaterThan(20);
        node.restart();
        balancer.awaitUp(node);
        load.awaitMore(30);
      }
      assertThat(load.requests().stream().filter(Load.Request::failed).count())
          .as("each of four enclaves had one request running when a node died, at the most")
          .isLessThanOrEqualTo(3 * 4);
      assertThat(
              load.requests().stream()
                  .filter(request -> !request.failed())
                  .map(Load.Request::answer)
                  .distinct())
          .as("the keys of all nodes are the same")
          .hasSize(1);
    }
  }
}
