package dstack.kms.cli.serve;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.node.NodeRunner;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a node until it ends by itself or the process is asked to end (SIGINT, SIGTERM). */
public final class RunningNode {
  private static final Logger log = LoggerFactory.getLogger(RunningNode.class);

  private RunningNode() {}

  /**
   * Returns when the node has ended.
   *
   * @param atSignal closes the node, and whatever else there is to close
   * @throws RefusalException if it ended because it could not serve
   */
  public static void await(NodeRunner node, Runnable atSignal) {
    try (ProcessSignals _ = stopping(atSignal)) {
      awaitEnd(node);
    }
  }

  /**
   * The same for a node that a signal closes gracefully, and that reads its configuration anew at
   * SIGHUP.
   *
   * @param source loads the configuration
   */
  static void awaitReloading(NodeRunner node, Supplier<KmsConfig> source) {
    try (ProcessSignals _ = stopping(node::close).on("HUP", () -> reload(node, source))) {
      awaitEnd(node);
    }
  }

  private static ProcessSignals stopping(Runnable action) {
    return new ProcessSignals().on("TERM", action).on("INT", action);
  }

  private static void reload(NodeRunner node, Supplier<KmsConfig> source) {
    try {
      node.reload(source);
    } catch (RefusalException e) {
      // The node has logged it and goes on.
      log.debug("reload refused", e);
    }
  }

  private static void awaitEnd(NodeRunner node) {
    try {
      node.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
