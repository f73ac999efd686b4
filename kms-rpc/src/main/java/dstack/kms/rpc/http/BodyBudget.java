package dstack.kms.rpc.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the bodies of one listener's requests may take together.
 *
 * <p>The first bytes of each body are free, so that many large bodies, which anybody can send,
 * leave the small ones of ordinary requests alone.
 */
final class BodyBudget {
  /** Bytes of each body that are not counted: more than a request for keys ever takes. */
  static final int FREE = 32 << 10;

  private final AtomicLong left;

  /** A budget of so many bytes beside the free ones. */
  BodyBudget(long total) {
    left = new AtomicLong(total);
  }

  /** What one body takes. Grows on one thread; may be given back on any. */
  final class Share {
    private final AtomicLong taken = new AtomicLong();
    private long size;

    /** Takes memory for so many more bytes of the body; false if there is none. */
    boolean grow(int more) {
      long counted = Math.max(0, size + more - Math.max(size, FREE));
      if (left.addAndGet(-counted) < 0) {
        left.addAndGet(counted);
        return false;
      }
      taken.addAndGet(counted);
      size += more;
      return true;
    }

    /** Gives everything back; a second call does nothing. */
    void giveBack() {
      left.addAndGet(taken.getAndSet(0));
    }
  }
}
