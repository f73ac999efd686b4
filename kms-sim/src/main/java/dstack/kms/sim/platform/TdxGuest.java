package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.quote.TdReport;
import dstack.kms.sim.quote.TdReportField;
import java.util.List;
import java.util.Optional;

/** A guest in a trust domain (specification 10–12). */
final class TdxGuest implements SimulatedGuest {
  private final GuestBoot boot;
  private final List<RuntimeEvent> runtimeEvents;
  private final TdxMachine machine;

  TdxGuest(GuestBoot boot) {
    this.boot = boot;
    runtimeEvents = boot.runtimeEvents(boot.identity().osImageHash());
    machine = new TdxMachine(boot, runtimeEvents);
  }

  @Override
  public Bytes attest(ReportData reportData) {
    return boot.container(
        new PlatformEvidence.Tdx(quote(reportData), machine.eventLog()),
        runtimeEvents,
        reportData,
        vmConfig());
  }

  @Override
  public Bytes quote(ReportData reportData) {
    return machine.quote(reportData);
  }

  @Override
  public String vmConfig() {
    return VmConfigText.of(boot.identity().osImageHash());
  }

  @Override
  public SimulatedIdentity identity() {
    return boot.identity();
  }

  @Override
  public GuestFacts facts() {
    return new GuestFacts(
        identity().osImageHash(),
        identity().composeHash(),
        identity().instanceId(),
        machine.deviceId(),
        GuestFacts.NO_DEVICE,
        mrAggregated(machine.report()),
        Optional.of(machine.report()),
        machine.eventLogJson());
  }

  /** Specification 12 §7. The configuration id is never zero here, so all three fields enter. */
  private static Bytes mrAggregated(TdReport report) {
    return Digests.sha256(
        report.get(TdReportField.MR_TD),
        report.get(TdReportField.RT_MR0),
        report.get(TdReportField.RT_MR1),
        report.get(TdReportField.RT_MR2),
        report.get(TdReportField.RT_MR3),
        report.get(TdReportField.MR_CONFIG_ID),
        report.get(TdReportField.MR_OWNER),
        report.get(TdReportField.MR_OWNER_CONFIG));
  }
}
