package dstack.kms.sim.platform;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.TdxModule;
import dstack.kms.sim.container.BootLog;
import dstack.kms.sim.container.ContainerRecipe;
import dstack.kms.sim.container.EventLogJson;
import dstack.kms.sim.container.LoggedEvent;
import dstack.kms.sim.container.RuntimeEvent;
import dstack.kms.sim.container.RuntimeLog;
import dstack.kms.sim.fault.CertificateFault;
import dstack.kms.sim.fault.CollateralFault;
import dstack.kms.sim.fault.ContainerFault;
import dstack.kms.sim.fault.GuestFault;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.fault.TdAttributeBit;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.pki.SimulatedPki;
import dstack.kms.sim.quote.QuoteRecipe;
import dstack.kms.sim.quote.TdReport;
import dstack.kms.sim.quote.TdReportField;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * One guest that has booted on the simulated platform; its measurements no longer change. May be
 * used by several threads.
 */
public final class SimulatedGuest implements QuoteSource {
  private static final Bytes MR_TD = Digests.sha384(Bytes.utf8("SIMULATED firmware"));
  private static final Bytes MR_SEAM =
      Digests.sha384(Bytes.utf8("SIMULATED TDX module " + TdxModule.CURRENT_SVN));

  private static final Bytes CONFIG_ID_V1 = Bytes.fromHex("01");

  private final SimulatedPki pki;
  private final SimulatedIdentity identity;
  private final List<SimulatedFault> faults;
  private final SimulatedDevice device;
  private final List<RuntimeEvent> runtimeEvents;
  private final List<LoggedEvent> eventLog;
  private final TdReport report;

  SimulatedGuest(
      SimulatedPki pki,
      InstantSource clock,
      SimulatedIdentity identity,
      List<SimulatedFault> faults) {
    this.pki = pki;
    this.identity = identity;
    this.faults = List.copyOf(faults);
    device = device(pki, clock, identity, faults);
    runtimeEvents = runtimeEvents(identity, faults);
    List<LoggedEvent> log = new ArrayList<>(BootLog.of(identity.osImageHash()));
    runtimeEvents.forEach(event -> log.add(event.logged()));
    eventLog = List.copyOf(log);
    report = report(identity, eventLog);
  }

  private static SimulatedDevice device(
      SimulatedPki pki,
      InstantSource clock,
      SimulatedIdentity identity,
      List<SimulatedFault> faults) {
    SimulatedDevice device = pki.device(identity.device(), identity.authority());
    for (SimulatedFault fault : faults) {
      if (fault instanceof CertificateFault wrong) {
        device = wrong.forge(device, pki, clock.instant());
      }
    }
    return device;
  }

  private static List<RuntimeEvent> runtimeEvents(
      SimulatedIdentity identity, List<SimulatedFault> faults) {
    List<RuntimeEvent> events =
        new ArrayList<>(
            RuntimeLog.of(
                identity.appId(),
                identity.composeHash(),
                identity.instanceId(),
                identity.osImageHash(),
                identity.keyProvider(),
                identity.eventVersion()));
    for (SimulatedFault fault : faults) {
      if (fault instanceof GuestFault wrong) {
        wrong.applyTo(events);
      }
    }
    return List.copyOf(events);
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

  @Override
  public Bytes attest(ReportData reportData) {
    ContainerRecipe recipe =
        new ContainerRecipe()
            .quote(quote(reportData))
            .eventLog(eventLog)
            .runtimeEvents(runtimeEvents)
            .reportData(reportData.value())
            .config(vmConfig());
    for (SimulatedFault fault : faults) {
      if (fault instanceof ContainerFault wrong) {
        wrong.applyTo(recipe);
      }
    }
    return recipe.make(identity.container());
  }

  /** The raw quote alone, signed by a fresh attestation key. */
  public Bytes quote(ReportData reportData) {
    TdReport bound = report.with(TdReportField.REPORT_DATA, reportData.value());
    QuoteRecipe recipe = QuoteRecipe.tdx(identity.layout(), bound, device, pki.freshKey());
    for (SimulatedFault fault : faults) {
      switch (fault) {
        case QuoteFault wrong -> wrong.applyTo(recipe, pki);
        case TdAttributeBit wrong -> wrong.applyTo(recipe);
        case CertificateFault _, GuestFault _, ContainerFault _, CollateralFault _ -> {}
      }
    }
    return recipe.make();
  }

  @Override
  public String vmConfig() {
    return VmConfigText.of(identity.osImageHash());
  }

  /** Who this guest is. */
  public SimulatedIdentity identity() {
    return identity;
  }

  /** The machine it runs on. */
  public SimulatedDevice device() {
    return device;
  }

  /** What the quote says about the guest, without report data. */
  public TdReport report() {
    return report;
  }

  /** The platform's log in its JSON form, not stripped. */
  public String eventLogJson() {
    return EventLogJson.of(eventLog);
  }
}
