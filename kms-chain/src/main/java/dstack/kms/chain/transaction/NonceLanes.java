package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one transaction of an account after the other get its place in the sequence, and remembers
 * the next one: an endpoint may know late what was sent.
 */
final class NonceLanes {
  /** An account on a chain; the lock guards the number. */
  static final class Lane {
    private final ReentrantLock lock = new ReentrantLock();
    private long next;

    ReentrantLock lock() {
      return lock;
    }

    /** The larger of what the endpoint says and what was used here before. */
    long from(long endpoint) {
      return Math.max(endpoint, next);
    }

    void used(long nonce) {
      next = Math.max(next, nonce + 1);
    }
  }

  private record Key(long chainId, Address account) {}

  private final Map<Key, Lane> lanes = new ConcurrentHashMap<>();

  Lane of(long chainId, Address account) {
    return lanes.computeIfAbsent(new Key(chainId, account), _ -> new Lane());
  }
}
