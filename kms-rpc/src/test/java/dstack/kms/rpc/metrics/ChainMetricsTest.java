package dstack.kms.rpc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.authority.DevAuthority;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What metrics say about an authority that reads a chain. */
final class ChainMetricsTest {
  @Test
  void showsDecisionsEndpointsAndTheAgeOfTheNewestBlock() {
    NodeMetrics metrics = new NodeMetrics();
    ChainMetrics.show(ChainLike::new, metrics, InstantSource.system());
    assertThat(metrics.text())
        .contains("kms_chain_decisions_total{outcome=\"allowed\"} 3\n")
        .contains("kms_chain_decisions_total{outcome=\"undecided\"} 1\n")
        .contains("kms_chain_disagreements_total 2\n")
        .contains("kms_chain_reorganizations_total 4\n")
        .contains("kms_chain_head_age_seconds 1.5\n")
        .contains("kms_chain_head_block 12\n")
        .contains("kms_chain_decision_block 9\n")
        .contains("kms_chain_endpoint_healthy{endpoint=\"https://a.example\"} 1\n")
        .contains("kms_chain_endpoint_healthy{endpoint=\"https://b.example\"} 0\n")
        .contains("kms_chain_endpoint_lag_blocks{endpoint=\"https://b.example\"} 7\n")
        .contains("kms_chain_endpoint_silence_seconds{endpoint=\"https://a.example\"} 0.25\n");
  }

  @Test
  void hasNoLabelsForOtherAuthorities() {
    NodeMetrics metrics = new NodeMetrics();
    ChainMetrics.show(() -> new DevAuthority("any"), metrics, InstantSource.system());
    assertThat(metrics.text())
        .doesNotContain("kms_chain_decisions_total{")
        .doesNotContain("kms_chain_endpoint_healthy{");
  }

  private static final class ChainLike implements Authority {
    @Override
    public Optional<AuthorityStats> stats() {
      return Optional.of(
          new AuthorityStats(
              Map.of("allowed", 3L, "denied", 0L, "undecided", 1L),
              2,
              4,
              Optional.of(new AuthorityStats.Head(12, Duration.ofMillis(1500))),
              List.of(
                  new AuthorityStats.Endpoint("https://a.example", true, 0, Duration.ofMillis(250)),
                  new AuthorityStats.Endpoint("https://b.example", false, 7, Duration.ZERO))));
    }

    @Override
    public Optional<BlockRef> view() {
      return Optional.of(new BlockRef(9, Bytes.fromHex("ab".repeat(32))));
    }

    @Override
    public Decision decideApp(BootInfo bootInfo) {
      throw new AssertionError("not asked");
    }

    @Override
    public Decision decideKms(BootInfo bootInfo) {
      throw new AssertionError("not asked");
    }

    @Override
    public AuthorityInfo info() {
      throw new AssertionError("not asked");
    }
  }
}
