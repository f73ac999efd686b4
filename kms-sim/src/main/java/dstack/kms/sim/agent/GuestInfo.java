package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.quote.TdReport;
import dstack.kms.sim.quote.TdReportField;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to Info (specification 10 §8): computed from the guest's own, unverified evidence, so
 * the device id is that of no device.
 */
final class GuestInfo {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private GuestInfo() {}

  static AnswerFields of(SimulatedGuest guest) {
    SimulatedIdentity identity = guest.identity();
    Bytes deviceId = Digests.sha256();
    Bytes mrAggregated = mrAggregated(guest.report());
    return new AnswerFields()
        .bytes(1, "app_id", identity.appId())
        .bytes(2, "instance_id", identity.instanceId())
        .text(3, "app_cert", "")
        .text(4, "tcb_info", tcbInfo(guest, mrAggregated, deviceId))
        .text(5, "app_name", "simulated")
        .bytes(8, "device_id", deviceId)
        .bytes(9, "mr_aggregated", mrAggregated)
        .bytes(10, "os_image_hash", identity.osImageHash())
        .text(12, "key_provider_info", identity.keyProvider().utf8Text())
        .bytes(13, "compose_hash", identity.composeHash())
        .text(14, "vm_config", guest.vmConfig())
        .text(15, "cloud_vendor", "SIMULATED")
        .text(16, "cloud_product", "SIMULATED");
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

  private static String tcbInfo(SimulatedGuest guest, Bytes mrAggregated, Bytes deviceId) {
    TdReport report = guest.report();
    ObjectNode info = JSON.createObjectNode();
    info.put("mrtd", report.get(TdReportField.MR_TD).hex());
    info.put("rtmr0", report.get(TdReportField.RT_MR0).hex());
    info.put("rtmr1", report.get(TdReportField.RT_MR1).hex());
    info.put("rtmr2", report.get(TdReportField.RT_MR2).hex());
    info.put("rtmr3", report.get(TdReportField.RT_MR3).hex());
    info.put("mr_aggregated", mrAggregated.hex());
    info.put("os_image_hash", guest.identity().osImageHash().hex());
    info.put("compose_hash", guest.identity().composeHash().hex());
    info.put("device_id", deviceId.hex());
    info.set("event_log", JSON.readTree(guest.eventLogJson()));
    info.put("app_compose", "");
    return info.toPrettyString();
  }
}
