package dstack.kms.cli.serve;

import dstack.kms.onboard.node.NodeRunner;

/** Runs a node until it ends by itself or the process is asked to end (SIGINT, SIGTERM). */
public final class RunningNode {
  private RunningNode() {}

  /**
   * Returns when the node has ended; a signal closes it gracefully first.
   *
   * @throws dstack.kms.core.refusal.RefusalException if it ended because it could not serve
   */
  public static void await(NodeRunner node) {
    await(node, node::close);
  }

  /** The same where a signal stops more than the one node. */
  public static void await(NodeRunner node, Runnable atSignal) {
    Thread stop = Thread.ofPlatform().name("stop").unstarted(atSignal);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      node.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
