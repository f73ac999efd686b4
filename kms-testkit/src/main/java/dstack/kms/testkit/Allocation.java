package dstack.kms.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a step asks for, whatever is freed meanwhile. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** The bytes that this thread allocates while it runs the step. */
  public static long bytesOf(Runnable step) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    step.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
