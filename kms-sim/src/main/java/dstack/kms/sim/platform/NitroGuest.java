package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.fault.NsmFault;
import dstack.kms.sim.fault.NsmRegisterFault;
import dstack.kms.sim.nitro.EnclaveRegisters;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.nitro.NsmRecipe;
import java.util.List;
import java.util.Optional;

/**
 * A Nitro Enclave (specification 15 §1–§5). Its program knows its application id and measures
 * nothing else.
 */
final class NitroGuest implements SimulatedGuest {
  private final GuestBoot boot;
  private final NitroAuthority authority;
  private final List<RuntimeEvent> runtimeEvents;
  private final Bytes imageHash;

  NitroGuest(GuestBoot boot) {
    this.boot = boot;
    authority = boot.platform().nitro();
    runtimeEvents =
        List.of(
            new RuntimeEvent("app-id", boot.identity().appId(), boot.identity().eventVersion()));
    imageHash = EnclaveRegisters.imageHash(boot.identity().osImageHash());
  }

  @Override
  public Bytes attest(ReportData reportData) {
    NsmRecipe recipe = recipe().userData(Optional.of(reportData.value()));
    boot.faults(NsmRegisterFault.class).forEach(fault -> fault.applyTo(recipe));
    boot.faults(NsmFault.class).forEach(fault -> fault.applyTo(recipe));
    return boot.container(
        new PlatformEvidence.Nitro(recipe.make()), runtimeEvents, reportData, vmConfig());
  }

  private NsmRecipe recipe() {
    return NsmRecipe.ofEnclave(
        authority,
        boot.platform().documents(),
        boot.identity().device(),
        EnclaveRegisters.of(boot.identity().osImageHash()));
  }

  @Override
  public String vmConfig() {
    return "{\"os_image_hash\":\"" + imageHash.hex() + "\"}";
  }

  @Override
  public SimulatedIdentity identity() {
    return boot.identity();
  }

  @Override
  public GuestFacts facts() {
    String moduleId = recipe().moduleId();
    Bytes deviceId = Digests.sha256(Bytes.utf8(moduleId.substring(0, moduleId.indexOf('-'))));
    return new GuestFacts(
        imageHash,
        imageHash,
        Bytes.EMPTY,
        deviceId,
        GuestFacts.NO_DEVICE,
        imageHash,
        Optional.empty(),
        GuestFacts.NO_LOG);
  }
}
