package dstack.kms.testkit;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** How much memory a step asks for, whatever is freed meanwhile. */
public final class Allocation {
  private Allocation() {}

  /** The bytes that this thread allocates while it runs the step. */
  public static long bytesOf(Runnable step) {
    long before = allocated();
    step.run();
    return allocated() - before;
  }

  /** Asked by name: the type that has this number is the virtual machine's own. */
  private static long allocated() {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName threads = new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
      return (long) beans.getAttribute(threads, "CurrentThreadAllocatedBytes");
    } catch (JMException e) {
      throw new AssertionError("this virtual machine counts no allocations", e);
    }
  }
}
