package dstack.kms.cli.dev;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.UnverifiedAppInfo;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    AppInfo measured =
        UnverifiedAppInfo.of(
            UnverifiedAttestation.decode(guest.attest(ReportData.ZERO)), MeasurementPoint.RUNTIME);
    List<String> devices = List.of(hex(guest.device().identity().deviceId()));
    Map<String, Object> policy =
        new java.util.LinkedHashMap<>(
            Map.of(
                "gatewayAppId", "any",
                "osImages", List.of(hex(app.osImageHash())),
                "allowedTcbStatuses", List.of("UpToDate"),
                "kms",
                    Map.of(
                        "mrAggregated", List.of(hex(measured.mrAggregated())), "devices", devices),
                "apps",
                    Map.of(
                        hex(app.appId()),
                        Map.of(
                            "composeHashes",
                            List.of(hex(app.composeHash())),
                            "devices",
                            devices))));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy);
  }

  private static String hex(Bytes bytes) {
    return "0x" + bytes.hex();
  }
}
