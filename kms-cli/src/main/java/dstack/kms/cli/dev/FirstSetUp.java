package dstack.kms.cli.dev;

import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;

/** Sets up, over its set-up listener, a first server that has no keys. */
@FunctionalInterface
interface FirstSetUp {
  /** Returns when it serves. */
  void run(NodeRunner runner, NodeState.SettingUp setup);
}
