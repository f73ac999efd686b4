package dstack.kms.onboard.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers come before backups: a real node beside the one that is to be restored. */
@Timeout(120)
class LivePeersTest {
  @TempDir Path folder;
  private TestNode peer;
  private RestoreBench bench;

  @BeforeEach
  void surroundings() throws IOException {
    peer = TestNode.in(Files.createDirectory(folder.resolve("peer")));
    Machine machine = Machine.in(folder, InstantSource.system());
    bench = new RestoreBench(folder.resolve("keys"), machine);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  @Test
  void refusesBesideALiveNodeUntilToldOtherwise() throws InterruptedException {
    Restore restore = restoreBesidePeer();
    try (NodeRunner node = peer.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      TestNode.ready(node);
      refusesForThePeer(() -> begin(restore, false));
      assertThatCode(() -> begin(restore, true)).doesNotThrowAnyException();
    }
  }

  @Test
  void countsANodeThatRefusesToAnswerAsAlive() throws InterruptedException {
    Restore restore = restoreBesidePeer();
    try (NodeRunner node = peer.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      TestNode.ready(node);
      peer.authority().close();
      refusesForThePeer(() -> begin(restore, false));
    }
  }

  @Test
  void restoresBesideSilence() {
    assertThatCode(() -> begin(restoreBesidePeer(), false)).doesNotThrowAnyException();
  }

  @Test
  void restoresBesideANodeThatHasNoKeysEither() {
    Restore restore = restoreBesidePeer();
    try (NodeRunner node = peer.start(Map.of())) {
      assertThat(node.state().name()).isNotEmpty();
      assertThatCode(() -> begin(restore, false)).doesNotThrowAnyException();
    }
  }

  private Restore restoreBesidePeer() {
    return bench.restore(
        Map.of(
            "core.onboard.peers",
            peer.https(""),
            "core.onboard.domain",
            "127.0.0.1",
            "core.onboard.identity",
            "02f02ac5a5e7416278ae7f1155c9a8741b2040d29c499e35cfb99e66b642b2102a"));
  }

  private static Restore.Begun begin(Restore restore, boolean besideLiveFleet) {
    return restore.begin(new RestoreSession.Terms(besideLiveFleet, Optional.empty()), false);
  }

  private static void refusesForThePeer(ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining("is alive")
        .hasMessageContaining("two fleets")
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(BackupRefusal.LIVE_PEER));
  }
}
