package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.container.TpmQuoteContent;
import dstack.kms.sim.fault.TpmQuoteFault;
import dstack.kms.sim.material.SimulatedMaterial;
import dstack.kms.sim.tpm.TpmAuthority;
import dstack.kms.sim.tpm.TpmBoot;
import dstack.kms.sim.tpm.TpmQuoteRecipe;
import java.util.List;
import java.util.Optional;

/** A guest in a trust domain of Google's, with a TPM beside it (specification 14). */
final class GcpTdxGuest implements SimulatedGuest {
  /** Google pads quotes to this length. */
  private static final int QUOTE_LENGTH = 8000;

  private final GuestBoot boot;
  private final GuestPlatform.GcpTdx platform;
  private final TpmAuthority authority;
  private final SimulatedMaterial material;
  private final List<RuntimeEvent> runtimeEvents;
  private final TdxMachine machine;

  GcpTdxGuest(GuestBoot boot, GuestPlatform.GcpTdx platform) {
    this.boot = boot;
    this.platform = platform;
    authority = boot.platform().tpm();
    Bytes image = boot.identity().osImageHash();
    material = boot.material(SimulatedMaterial.of("measurement.gcp.cbor", TpmBoot.document(image)));
    runtimeEvents = boot.runtimeEvents(osImageHash());
    machine = new TdxMachine(boot, runtimeEvents);
  }

  private Bytes osImageHash() {
    return platform.bareHash()
        ? TpmBoot.uki(boot.identity().osImageHash())
        : material.osImageHash();
  }

  @Override
  public Bytes attest(ReportData reportData) {
    Bytes quote = quote(reportData);
    TpmQuoteRecipe recipe = recipe().nonce(Digests.sha256(quote));
    boot.faults(TpmQuoteFault.class).forEach(fault -> fault.applyTo(recipe));
    return boot.container(
        new PlatformEvidence.GcpTdx(quote, machine.eventLog(), recipe.make()),
        runtimeEvents,
        reportData,
        vmConfig());
  }

  private TpmQuoteRecipe recipe() {
    return new TpmQuoteRecipe(
        authority,
        boot.platform().documents(),
        identity().device(),
        platform.key(),
        log(),
        RuntimeEvent.replaySha256(runtimeEvents));
  }

  private List<TpmQuoteContent.Event> log() {
    return TpmBoot.log(identity().osImageHash());
  }

  @Override
  public Bytes quote(ReportData reportData) {
    return machine.quote(reportData).paddedTo(QUOTE_LENGTH);
  }

  @Override
  public String vmConfig() {
    return platform.bareHash()
        ? VmConfigText.of(osImageHash())
        : VmConfigText.of("gcp_measurement", material);
  }

  @Override
  public SimulatedIdentity identity() {
    return boot.identity();
  }

  @Override
  public GuestFacts facts() {
    return new GuestFacts(
        osImageHash(),
        identity().composeHash(),
        identity().instanceId(),
        machine.deviceId(),
        GuestFacts.NO_DEVICE,
        Digests.sha256(
            TpmBoot.replay(0, log()),
            TpmBoot.replay(2, log()),
            RuntimeEvent.replaySha256(runtimeEvents)),
        Optional.of(machine.report()),
        machine.eventLogJson());
  }
}
