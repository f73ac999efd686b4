package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.nsm.NsmDevice;
import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** One operation on the devices in a folder, in a process of its own. */
final class DeviceProgram {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));

  private DeviceProgram() {}

  /** Takes folder, operation and where the answer goes: hexadecimal, or code and text. */
  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    String answer;
    try {
      answer = run(folder, arguments[1], NativeLibC.load());
    } catch (RefusalException e) {
      answer = e.code().code() + "|" + e.text();
    }
    Files.writeString(Path.of(arguments[2]), answer);
  }

  private static String run(Path folder, String operation, LibC libc) {
    TdxGuestDevice tdx = new TdxGuestDevice(libc, folder.resolve("tdx_guest"));
    NsmDevice nsm = new NsmDevice(libc, folder.resolve("nsm"));
    return switch (operation) {
      case "tdreport" -> tdx.tdReport(DATA).hex();
      case "extend-0", "extend-1", "extend-2", "extend-3" -> {
        int register = operation.charAt(operation.length() - 1) - '0';
        new RtmrExtension(libc, folder.resolve("measurements"), tdx)
            .extend(register, Bytes.fromHex("c3".repeat(48)));
        yield "extended";
      }
      case "nsm-random" -> nsm.random().hex();
      case "nsm-describe" -> nsm.describe().toString();
      default -> attest(folder, operation);
    };
  }

  private static String attest(Path folder, String source) {
    Map<String, String> flags =
        Map.of(
            "core.quote_source", source,
            "core.device.configfs", folder.resolve("configfs").toString(),
            "core.device.tdx_guest", folder.resolve("tdx_guest").toString(),
            "core.device.qgs_config", folder.resolve("tdx-attest.conf").toString(),
            "core.device.nsm", folder.resolve("nsm").toString(),
            "core.device.sev_guest", folder.resolve("sev-guest").toString(),
            "core.device.ccel", folder.resolve("ccel").toString(),
            "core.device.runtime_events", folder.resolve("events.log").toString(),
            "core.device.host_shared", folder.toString(),
            "core.device.nitro_app_id", "11".repeat(20));
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return QuoteSources.of(config, new SecureRandom()).attest(DATA).hex();
  }
}
