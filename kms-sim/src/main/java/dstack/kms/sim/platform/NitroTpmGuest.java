package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.fault.NsmFault;
import dstack.kms.sim.fault.NsmRegisterFault;
import dstack.kms.sim.material.SimulatedMaterial;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.nitro.NitroTpmRegisters;
import dstack.kms.sim.nitro.NsmRecipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A guest on EC2 with a NitroTPM (specification 15 §9). */
final class NitroTpmGuest implements SimulatedGuest {
  private final GuestBoot boot;
  private final NitroAuthority authority;
  private final SimulatedMaterial material;
  private final List<RuntimeEvent> runtimeEvents;
  private final Map<Integer, Bytes> registers;

  NitroTpmGuest(GuestBoot boot) {
    this.boot = boot;
    authority = boot.platform().nitroTpm();
    Bytes image = boot.identity().osImageHash();
    material =
        boot.material(
            SimulatedMaterial.of("measurement.aws.cbor", NitroTpmRegisters.document(image)));
    runtimeEvents = boot.runtimeEvents(material.osImageHash());
    registers =
        NitroTpmRegisters.of(
            image,
            identity().appId(),
            identity().composeHash(),
            RuntimeEvent.replaySha384(runtimeEvents));
  }

  @Override
  public Bytes attest(ReportData reportData) {
    NsmRecipe recipe = recipe().userData(Optional.of(reportData.value()));
    boot.faults(NsmRegisterFault.class).forEach(fault -> fault.applyTo(recipe));
    boot.faults(NsmFault.class).forEach(fault -> fault.applyTo(recipe));
    return boot.container(
        new PlatformEvidence.NitroTpm(recipe.make()), runtimeEvents, reportData, vmConfig());
  }

  private NsmRecipe recipe() {
    return NsmRecipe.ofTpm(authority, boot.platform().documents(), identity().device(), registers);
  }

  @Override
  public String vmConfig() {
    return VmConfigText.of("aws_measurement", material);
  }

  @Override
  public SimulatedIdentity identity() {
    return boot.identity();
  }

  @Override
  public GuestFacts facts() {
    return GuestFacts.of(
        identity(),
        material.osImageHash(),
        identity().composeHash(),
        Digests.sha256(Bytes.utf8(recipe().moduleId())),
        Digests.sha256(register(4), register(7), register(12), register(14)));
  }

  private Bytes register(int index) {
    return registers.getOrDefault(index, Bytes.EMPTY);
  }
}
