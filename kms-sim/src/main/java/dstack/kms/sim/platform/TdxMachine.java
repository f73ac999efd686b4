package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.TdxModule;
import dstack.kms.sim.container.BootLog;
import dstack.kms.sim.container.EventLogJson;
import dstack.kms.sim.container.LoggedEvent;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.fault.CertificateFault;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.fault.TdAttributeBit;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.quote.QuoteRecipe;
import dstack.kms.sim.quote.TdReport;
import dstack.kms.sim.quote.TdReportField;
import java.util.ArrayList;
import java.util.List;

/** The trust domain in which a guest runs, and the machine under it. */
final class TdxMachine {
  private static final Bytes MR_TD = Digests.sha384(Bytes.utf8("SIMULATED firmware"));
  private static final Bytes MR_SEAM =
      Digests.sha384(Bytes.utf8("SIMULATED TDX module " + TdxModule.CURRENT_SVN));
  private static final Bytes CONFIG_ID_V1 = Bytes.fromHex("01");

  private final GuestBoot boot;
  private final SimulatedDevice device;
  private final List<LoggedEvent> eventLog;
  private final TdReport report;

  TdxMachine(GuestBoot boot, List<RuntimeEvent> runtimeEvents) {
    this.boot = boot;
    device = device(boot);
    List<LoggedEvent> log = new ArrayList<>(BootLog.of(boot.identity().osImageHash()));
    runtimeEvents.forEach(event -> log.add(event.logged()));
    eventLog = List.copyOf(log);
    report = report(boot.identity(), eventLog);
  }

  private static SimulatedDevice device(GuestBoot boot) {
    SimulatedIdentity identity = boot.identity();
    SimulatedPlatform platform = boot.platform();
    SimulatedDevice device = platform.pki().device(identity.device(), identity.authority());
    for (CertificateFault wrong : boot.faults(CertificateFault.class).toList()) {
      device = wrong.forge(device, platform.pki(), platform.now());
    }
    return device;
  }

  private static TdReport report(SimulatedIdentity identity, List<LoggedEvent> log) {
    Bytes configId = Bytes.concat(CONFIG_ID_V1, identity.composeHash());
    return TdReport.blank()
        .with(TdReportField.TEE_TCB_SVN, identity.tcb().teeTcbSvn())
        .with(TdReportField.MR_SEAM, MR_SEAM)
        .with(TdReportField.MR_TD, MR_TD)
        .with(TdReportField.MR_CONFIG_ID, configId.paddedTo(48).slice(0, 48))
        .with(TdReportField.RT_MR0, LoggedEvent.replay(0, log))
        .with(TdReportField.RT_MR1, LoggedEvent.replay(1, log))
        .with(TdReportField.RT_MR2, LoggedEvent.replay(2, log))
        .with(TdReportField.RT_MR3, LoggedEvent.replay(3, log));
  }

  /** A quote signed by a fresh attestation key. */
  Bytes quote(ReportData reportData) {
    TdReport bound = report.with(TdReportField.REPORT_DATA, reportData.value());
    QuoteRecipe recipe =
        QuoteRecipe.tdx(boot.identity().layout(), bound, device, boot.platform().pki().freshKey());
    boot.faults(QuoteFault.class).forEach(wrong -> wrong.applyTo(recipe, boot.platform().pki()));
    boot.faults(TdAttributeBit.class).forEach(wrong -> wrong.applyTo(recipe));
    return recipe.make();
  }

  List<LoggedEvent> eventLog() {
    return eventLog;
  }

  String eventLogJson() {
    return EventLogJson.of(eventLog);
  }

  TdReport report() {
    return report;
  }

  Bytes deviceId() {
    return device.identity().deviceId();
  }
}
