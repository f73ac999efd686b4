package dstack.kms.cli.doctor;

import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.QuoteSourceKind;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether this machine can prove what it is. */
final class EvidenceCheck implements HostCheck {
  @Override
  public List<Finding> look(Host host) {
    return List.of(devices(host), evidence(host));
  }

  private static Finding devices(Host host) {
    List<String> present = new ArrayList<>();
    for (Path device : ConfigSources.REAL_TEE_DEVICES) {
      if (Files.exists(host.kernel(device.toString()))) {
        present.add(device.toString());
      }
    }
    if (!present.isEmpty()) {
      return Finding.ok("tee-devices", String.join(", ", present));
    }
    boolean byAgent = host.config().quoteSource() == QuoteSourceKind.AGENT;
    return byAgent
        ? Finding.ok("tee-devices", "none here; evidence comes from the guest agent")
        : Finding.problem(
            "tee-devices",
            "none: this is no confidential VM, or its driver is missing",
            "Run in a confidential VM with the device of core.quote_source.");
  }

  private static Finding evidence(Host host) {
    try {
      QuoteSource source = QuoteSources.of(host.config(), host.context().random());
      Bytes evidence = source.attest(ReportData.ZERO);
      return Finding.ok(
          "evidence", host.config().quoteSource().word() + " gave " + evidence.length() + " bytes");
    } catch (RefusalException e) {
      String advice =
          host.config().quoteSource() == QuoteSourceKind.AGENT
              ? "Mount the guest agent's socket, and name it in core.agent_address if it is not"
                  + " where it usually is."
              : "Look at the devices under [core.device] and who may open them.";
      return Findings.of("evidence", e, advice);
    }
  }
}
