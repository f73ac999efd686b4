package dstack.kms.onboard.node;

import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node, from its configuration to its end (specification 04 §2).
 *
 * <p>It serves if there are keys, makes them itself if the configuration says so, and otherwise
 * waits on the set-up listener; after that the same process goes on to serve. The operations
 * listener is there from the first moment. Closing ends it gracefully, in whatever state it is.
 */
public final class NodeRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeRunner.class);

  private final StateBoard board = new StateBoard();
  private final CountDownLatch setupOver = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final NodeLife life;

  /** Guards the life: a stop and the end of set-up may come at the same time. */
  private final ReentrantLock moving = new ReentrantLock();

  private NodeRunner(KmsConfig config, NodeContext context) {
    life = new NodeLife(config, context, board::current, this::listenerDied);
  }

  /**
   * Starts a node and returns when it serves, or when it waits to be set up.
   *
   * @throws RefusalException if it cannot start; nothing stays open then
   */
  public static NodeRunner start(KmsConfig config, NodeContext context) {
    NodeRunner node = new NodeRunner(config, context);
    node.move(() -> node.life.begin(node.setupOver::countDown));
    switch (node.board.current()) {
      case NodeState.Refused refused -> throw refused.reason();
      case NodeState.SettingUp _ ->
          Thread.ofVirtual().name("node-set-up").start(node::serveAfterSetup);
      case NodeState.Empty _, NodeState.Ready _, NodeState.Stopping _ -> {}
    }
    return node;
  }

  /** What state the node is in. */
  public NodeState state() {
    return board.current();
  }

  /** Waits for such a state, at most so long; the state in any case. */
  public NodeState await(Predicate<NodeState> wanted, Duration longest)
      throws InterruptedException {
    return board.await(wanted, longest);
  }

  /** Where the operations listener is, if there is one. */
  public Optional<InetSocketAddress> operations() {
    return life.operations();
  }

  /** The block by which it decides now; none where no chain is read, or none is known. */
  public Optional<BlockRef> chainView() {
    return life.chainView();
  }

  /**
   * Waits until the node has ended.
   *
   * @throws RefusalException if it ended because it could not serve after it was set up
   */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    if (board.current() instanceof NodeState.Refused refused) {
      throw refused.reason();
    }
  }

  /**
   * Renews the certificates of a node that serves (specification 04 §3.3); open connections go on.
   *
   * @throws RefusalException if they cannot be renewed; those in use stay
   */
  public void renewCertificates() {
    moving.lock();
    try {
      if (board.current() instanceof NodeState.Ready) {
        life.renewCertificates();
      }
    } finally {
      moving.unlock();
    }
  }

  /**
   * Reads a configuration anew and lets it answer every request from now on; requests that run
   * finish under the old one.
   *
   * @param source loads it
   * @throws RefusalException if it does not load, does not hold, or changes what only a start can
   *     change; nothing changes then, and log, metrics and {@code /ready} say so
   */
  public void reload(Supplier<KmsConfig> source) {
    moving.lock();
    try {
      life.reload(source);
    } finally {
      moving.unlock();
    }
  }

  /** Stops: no new connections, running requests finish, keys are erased. May be called twice. */
  @Override
  public void close() {
    board.moveTo(new NodeState.Stopping());
    setupOver.countDown();
    life.hush();
    moving.lock();
    try {
      end();
    } finally {
      moving.unlock();
    }
  }

  private void serveAfterSetup() {
    try {
      setupOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    move(life::serve);
  }

  /** One step of the life, unless the node was stopped; a step that fails ends the node. */
  private void move(Supplier<NodeState> step) {
    moving.lock();
    try {
      if (!(board.current() instanceof NodeState.Stopping)) {
        advance(step);
      }
    } finally {
      moving.unlock();
    }
  }

  private void advance(Supplier<NodeState> step) {
    boolean done = false;
    try {
      NodeState next = step.get();
      // A stop that came meanwhile closes as soon as this step is over.
      if (board.moveTo(next) && next instanceof NodeState.Ready) {
        life.keepUp(this::renewCertificates);
      }
      done = true;
    } catch (RefusalException e) {
      log.error("[{}] {} ({})", e.code().code(), e.text(), e.detail());
      board.moveTo(new NodeState.Refused(e));
    } finally {
      if (!done) {
        end();
      }
    }
  }

  /** A node that is not reached any more must end, so that whoever watches it starts another. */
  private void listenerDied(String name) {
    RefusalException reason =
        new RefusalException(
            NodeRefusal.LISTENER_DIED, "the listener " + name + " stopped by itself");
    Thread.ofVirtual()
        .name("listener-died")
        .start(
            () ->
                move(
                    () -> {
                      throw reason;
                    }));
  }

  private void end() {
    life.close();
    ended.countDown();
  }
}
