package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.sim.platform.GuestFacts;

/** An app is created, allowed and revoked on chain; the server follows at once. */
record ChainCheck(
    DevHost host, DevFleet fleet, ChainPolicy policy, DevClock time, Findings findings) {
  private static final String DENIED = "App not allowed: Boot denied: ";

  /** Leaves the app allowed. */
  void run() {
    findings.part("an app, decided on chain");
    GuestFacts guest = host.enclave().facts();
    Bytes app = host.enclave().identity().appId();
    try (P256PrivateKey key = P256PrivateKey.generate(time.random())) {
      refused(key, "an app whose definition its contract does not know gets no keys");
      fleet.awaitBlock(policy.allowDefinition(app, guest));
      AppKeyResponse keys = keys(key);
      findings.require("it gets them once its owner allows it", !keys.getK256Key().isEmpty());
      fleet.awaitBlock(policy.forbidDefinition(app, guest));
      refused(key, "none at once when its owner forbids it again");
      fleet.awaitBlock(policy.allowDefinition(app, guest));
      findings.require("and the same when it comes back", keys(key).equals(keys));
    } catch (RefusalException e) {
      findings.failed(e);
    }
  }

  private void refused(P256PrivateKey key, String what) {
    findings.requireRefused(what, () -> keys(key), DENIED + "Compose hash not allowed");
  }

  private AppKeyResponse keys(P256PrivateKey key) {
    return FleetAnswers.keys(fleet.first(), host, key, time);
  }
}
