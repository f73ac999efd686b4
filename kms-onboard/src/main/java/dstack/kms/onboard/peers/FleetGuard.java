package dstack.kms.onboard.peers;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;

/** Keeps a node that belongs to a fleet from making keys of its own while the fleet has some. */
public final class FleetGuard {
  private final OnboardConfig config;
  private final TlsEngine engine;

  /** A guard for the peers and the identity that are configured. */
  public FleetGuard(OnboardConfig config, TlsEngine engine) {
    this.config = config;
    this.engine = engine;
  }

  /**
   * Refuses if new keys would not be the fleet's.
   *
   * @throws RefusalException with a {@link PeersRefusal}
   */
  public void requireNoFleet() {
    if (config.identity().isPresent()) {
      throw new RefusalException(
          PeersRefusal.IDENTITY_CONFIGURED,
          "core.onboard.identity names the keys of a fleet, which a bootstrap cannot make: take"
              + " them from one of its nodes or from a backup, or remove the setting");
    }
    new PeerProbe(config.peers(), engine)
        .findKeys()
        .ifPresent(
            peer -> {
              throw new RefusalException(
                  PeersRefusal.FLEET_HAS_KEYS,
                  "the peer "
                      + peer.display()
                      + " answers as a KMS that has keys; new ones would split the fleet. Let this"
                      + " node take them from its peers, or remove core.onboard.peers");
            });
  }
}
