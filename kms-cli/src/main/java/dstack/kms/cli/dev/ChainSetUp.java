package dstack.kms.cli.dev;

import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import dstack.kms.sim.platform.GuestFacts;
import java.util.function.LongSupplier;

/**
 * Bootstraps a first server that the contract does not know, and registers it one value after the
 * other: each refusal must name the next one.
 */
record ChainSetUp(DevHost host, ChainPolicy policy, Findings findings) implements FirstSetUp {
  private static final String DENIED = "KMS is not allowed to bootstrap: boot denied: ";

  @Override
  public void run(NodeRunner runner, NodeState.SettingUp setup) {
    GuestFacts machine = host.first().guest().facts();
    findings.part("bootstrap, decided on chain");
    refused(setup, "of an OS image that is not registered", "OS image is not allowed");
    registered(runner, () -> policy.allowImage(machine));
    refused(setup, "of a measurement that is not registered", "Aggregated MR not allowed");
    registered(runner, () -> policy.allowMeasurement(machine));
    refused(
        setup, "on a device that is not registered", "KMS is not allowed to boot on this device");
    registered(runner, () -> policy.allowDevice(machine));
    DevSetup.bootstrap(setup);
    findings.require("bootstrap is allowed once kms gov has registered all three", true);
    DevSetup.finish(runner, setup);
    findings.require("and the server is ready", runner.state() instanceof NodeState.Ready);
  }

  private void refused(NodeState.SettingUp setup, String what, String reason) {
    findings.requireRefused(
        "no bootstrap " + what, () -> DevSetup.bootstrap(setup), DENIED + reason);
  }

  private static void registered(NodeRunner runner, LongSupplier change) {
    ChainView.await(runner, change.getAsLong());
  }
}
