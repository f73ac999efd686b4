package dstack.kms.onboard.node;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that knows a node's state; others read it and wait for it to change. */
final class StateBoard {
  private static final Logger log = LoggerFactory.getLogger(StateBoard.class);

  /** Guards {@code current}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private volatile NodeState current = new NodeState.Empty();

  NodeState current() {
    return current;
  }

  /** Moves on if the present state allows it; false if the node's life took another turn. */
  boolean moveTo(NodeState next) {
    lock.lock();
    try {
      if (!current.mayBecome(next)) {
        return false;
      }
      log.info("node is {}: {}", next.name(), next.why());
      current = next;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for such a state, at most so long; the state in any case. */
  NodeState await(Predicate<NodeState> wanted, Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (!wanted.test(current) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for such a state, however long it takes. */
  NodeState await(Predicate<NodeState> wanted) throws InterruptedException {
    return await(wanted, Duration.ofNanos(Long.MAX_VALUE));
  }
}
