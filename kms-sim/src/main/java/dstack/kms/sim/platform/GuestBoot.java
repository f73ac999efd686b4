package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.container.ContainerRecipe;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.container.RuntimeLog;
import dstack.kms.sim.fault.ContainerFault;
import dstack.kms.sim.fault.GuestFault;
import dstack.kms.sim.fault.MaterialFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.material.SimulatedMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What guests of every platform have in common: their events, their container, their faults. */
record GuestBoot(
    SimulatedPlatform platform, SimulatedIdentity identity, List<SimulatedFault> faults) {
  GuestBoot {
    faults = List.copyOf(faults);
  }

  /** The faults of one kind, in order. */
  <F extends SimulatedFault> Stream<F> faults(Class<F> kind) {
    return faults.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** What a dstack guest measures while it boots, after its faults. */
  List<RuntimeEvent> runtimeEvents(Bytes osImageHash) {
    List<RuntimeEvent> all =
        new ArrayList<>(
            RuntimeLog.of(
                identity.appId(),
                identity.composeHash(),
                identity.instanceId(),
                osImageHash,
                identity.keyProvider(),
                identity.eventVersion()));
    faults(GuestFault.class).forEach(fault -> fault.applyTo(all));
    return List.copyOf(all);
  }

  /** The material after the host's faults. */
  SimulatedMaterial material(SimulatedMaterial right) {
    SimulatedMaterial material = right;
    for (MaterialFault fault : faults(MaterialFault.class).toList()) {
      material = fault.applyTo(material);
    }
    return material;
  }

  /** The finished container. */
  Bytes container(
      PlatformEvidence evidence,
      List<RuntimeEvent> runtimeEvents,
      ReportData reportData,
      String config) {
    ContainerRecipe recipe =
        new ContainerRecipe()
            .evidence(evidence)
            .runtimeEvents(runtimeEvents)
            .reportData(reportData.value())
            .config(config);
    faults(ContainerFault.class).forEach(fault -> fault.applyTo(recipe));
    return recipe.make(identity.container());
  }
}
