package dstack.kms.sim.pccs;

import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps collateral for the first half of its validity; with faults it is made anew each time. */
final class CurrentCollateral {
  private final SimulatedPlatform platform;
  private final Map<Key, SimulatedCollateral> kept = new ConcurrentHashMap<>();
  private volatile SimulatedFault[] faults = {};

  CurrentCollateral(SimulatedPlatform platform) {
    this.platform = platform;
  }

  private record Key(TeeKind kind, PckAuthority authority) {}

  void inject(SimulatedFault... wrong) {
    faults = wrong.clone();
  }

  SimulatedCollateral of(TeeKind kind, PckAuthority authority) {
    SimulatedFault[] wrong = faults;
    if (wrong.length > 0) {
      return platform.collateral(kind, authority, wrong);
    }
    Key key = new Key(kind, authority);
    SimulatedCollateral old = kept.get(key);
    if (old != null && old.validity().isFreshAt(platform.now())) {
      return old;
    }
    SimulatedCollateral fresh = platform.collateral(kind, authority);
    kept.put(key, fresh);
    return fresh;
  }
}
