package dstack.kms.sim.agent;

import dstack.kms.sim.platform.GuestFacts;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.quote.TdReportField;
import org.jspecify.annotations.Nullable;
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
    GuestFacts facts = guest.facts();
    return new AnswerFields()
        .bytes(1, "app_id", identity.appId())
        .bytes(2, "instance_id", facts.instanceId())
        .text(3, "app_cert", "")
        .text(4, "tcb_info", tcbInfo(facts))
        .text(5, "app_name", "simulated")
        .bytes(8, "device_id", facts.shownDeviceId())
        .bytes(9, "mr_aggregated", facts.mrAggregated())
        .bytes(10, "os_image_hash", facts.osImageHash())
        .text(12, "key_provider_info", identity.keyProvider().utf8Text())
        .bytes(13, "compose_hash", facts.composeHash())
        .text(14, "vm_config", guest.vmConfig())
        .text(15, "cloud_vendor", "SIMULATED")
        .text(16, "cloud_product", "SIMULATED");
  }

  private static String tcbInfo(GuestFacts facts) {
    ObjectNode info = JSON.createObjectNode();
    info.put("mrtd", register(facts, TdReportField.MR_TD));
    info.put("rtmr0", register(facts, TdReportField.RT_MR0));
    info.put("rtmr1", register(facts, TdReportField.RT_MR1));
    info.put("rtmr2", register(facts, TdReportField.RT_MR2));
    info.put("rtmr3", register(facts, TdReportField.RT_MR3));
    info.put("mr_aggregated", facts.mrAggregated().hex());
    info.put("os_image_hash", facts.osImageHash().hex());
    info.put("compose_hash", facts.composeHash().hex());
    info.put("device_id", facts.shownDeviceId().hex());
    info.set("event_log", JSON.readTree(facts.eventLog()));
    info.put("app_compose", "");
    return info.toPrettyString();
  }

  /** Null where there is no TDX report. */
  private static @Nullable String register(GuestFacts facts, TdReportField field) {
    return facts.report().map(report -> report.get(field).hex()).orElse(null);
  }
}
