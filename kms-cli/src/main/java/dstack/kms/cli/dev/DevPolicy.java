package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.platform.GuestFacts;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes the policy file that allows this machine as a KMS and one sample application. */
final class DevPolicy {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DevPolicy() {}

  /** Writes the file unless there is one: it is meant to be edited. */
  static void writeIfMissing(Path file, SimulatedGuest guest) {
    if (Files.exists(file)) {
      return;
    }
    try {
      Files.writeString(file, text(guest) + "\n");
    } catch (IOException e) {
      throw DevRefusal.FOLDER.because("cannot write " + file, e);
    }
  }

  private static String text(SimulatedGuest guest) {
    SimulatedIdentity app = guest.identity();
    GuestFacts facts = guest.facts();
    List<String> devices = List.of(hex(facts.deviceId()));
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("gatewayAppId", "any");
    policy.put("osImages", List.of(hex(facts.osImageHash())));
    policy.put("allowedTcbStatuses", List.of(tcbStatus(app.platform())));
    policy.put(
        "kms", Map.of("mrAggregated", List.of(hex(facts.mrAggregated())), "devices", devices));
    policy.put(
        "apps",
        Map.of(
            hex(app.appId()),
            Map.of("composeHashes", List.of(hex(facts.composeHash())), "devices", devices)));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy);
  }

  /** Enclaves have no status and policies know NitroTPM by its own; both must be said openly. */
  private static String tcbStatus(GuestPlatform platform) {
    return switch (platform) {
      case GuestPlatform.Nitro _ -> "";
      case GuestPlatform.NitroTpm _ -> "NotApplicable";
      case GuestPlatform.Tdx _, GuestPlatform.GcpTdx _, GuestPlatform.SevSnp _ -> "UpToDate";
    };
  }

  private static String hex(Bytes bytes) {
    return "0x" + bytes.hex();
  }
}
