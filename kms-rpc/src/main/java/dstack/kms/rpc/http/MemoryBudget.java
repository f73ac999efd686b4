package dstack.kms.rpc.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that what clients send to one listener may take together: bodies, or certificates.
 *
 * <p>The first bytes of each are free, so that many large ones, which anybody can send, leave the
 * small ones of ordinary clients alone.
 */
final class MemoryBudget {
  /** Bytes of each body that are not counted: more than a request for keys ever takes. */
  static final int FREE_OF_A_BODY = 32 << 10;

  /** Bytes of each handshake that are not counted: a certificate with a quote has half of them. */
  static final int FREE_OF_A_HANDSHAKE = 16 << 10;

  private final int free;
  private final AtomicLong left;

  private MemoryBudget(int free, long total) {
    this.free = free;
    left = new AtomicLong(total);
  }

  /** A budget of so many bytes beside the free ones of each body. */
  static MemoryBudget ofBodies(long total) {
    return new MemoryBudget(FREE_OF_A_BODY, total);
  }

  /** A budget of so many bytes beside the free ones of each handshake. */
  static MemoryBudget ofHandshakes(long total) {
    return new MemoryBudget(FREE_OF_A_HANDSHAKE, total);
  }

  /** What one of them takes. Grows on one thread; may be given back on any. */
  final class Share {
    private final AtomicLong taken = new AtomicLong();
    private long size;

    /** Takes memory for so many more bytes; false if there is none. */
    boolean grow(int more) {
      long counted = Math.max(0, size + more - Math.max(size, free));
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
