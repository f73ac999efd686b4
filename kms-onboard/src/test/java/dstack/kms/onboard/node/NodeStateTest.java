package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.setup.SetupRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The life of a node goes one way only. */
class NodeStateTest {
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  private static final NodeState EMPTY = new NodeState.Empty();
  private static final NodeState SETTING_UP = new NodeState.SettingUp(ANYWHERE);
  private static final NodeState READY = new NodeState.Ready(ANYWHERE, Optional.empty());
  private static final NodeState REFUSED =
      new NodeState.Refused(new RefusalException(SetupRefusal.NOT_ALLOWED, "no"));
  private static final NodeState STOPPING = new NodeState.Stopping();
  private static final List<NodeState> ALL = List.of(EMPTY, SETTING_UP, READY, REFUSED, STOPPING);

  @Test
  void beginsEmptyAndGoesEverywhereElse() {
    assertThat(successors(EMPTY)).containsExactly(SETTING_UP, READY, REFUSED, STOPPING);
  }

  @Test
  void neverReturnsToSetupFromServing() {
    assertThat(successors(SETTING_UP)).containsExactly(READY, REFUSED, STOPPING);
    assertThat(successors(READY)).containsExactly(REFUSED, STOPPING);
  }

  @Test
  void endsRefusedOrStopping() {
    assertThat(successors(REFUSED)).isEmpty();
    assertThat(successors(STOPPING)).isEmpty();
  }

  @Test
  void keepsTheFirstEndThatCame() {
    StateBoard board = new StateBoard();

    assertThat(board.moveTo(STOPPING)).isTrue();
    assertThat(board.moveTo(READY)).isFalse();
    assertThat(board.moveTo(REFUSED)).isFalse();
    assertThat(board.current()).isEqualTo(STOPPING);
  }

  @Test
  void wakesWhoeverWaitsForAState() throws Exception {
    StateBoard board = new StateBoard();
    CompletableFuture<NodeState> seen = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> seen.completeAsync(() -> awaitReady(board)));

    board.moveTo(SETTING_UP);
    board.moveTo(READY);

    assertThat(seen.get()).isEqualTo(READY);
  }

  @Test
  void stopsWaitingWhenTheTimeIsUp() throws Exception {
    assertThat(new StateBoard().await(READY::equals, Duration.ofMillis(1))).isEqualTo(EMPTY);
  }

  private static NodeState awaitReady(StateBoard board) {
    try {
      return board.await(READY::equals);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<NodeState> successors(NodeState state) {
    return ALL.stream().filter(state::mayBecome).toList();
  }
}
