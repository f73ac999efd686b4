package dstack.kms.attest.device.sev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.device.TestKernel;
import dstack.kms.attest.device.TestTiming;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.FakeConfigfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice between the ways to a report, and what is checked about it: 16 §1. */
class NativeSnpReportsTest {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));

  @TempDir Path dir;
  private final TestKernel kernel = new TestKernel();

  private NativeSnpReports reports() {
    Map<String, String> flags =
        Map.of(
            "core.device.configfs", dir.resolve("report").toString(),
            "core.device.sev_guest", dir.resolve("sev-guest").toString());
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new NativeSnpReports(config.device(), kernel, new TestTiming(), new SecureRandom());
  }

  private FakeConfigfs configfs(int length, int changed) {
    FakeConfigfs fake =
        new FakeConfigfs(
            dir.resolve("report"),
            request -> {
              byte[] report = new byte[length];
              System.arraycopy(request, 0, report, 0x50, 64);
              if (changed >= 0) {
                report[changed] ^= 1;
              }
              return report;
            });
    fake.provider = "sev_guest\n";
    kernel.with(fake);
    return fake;
  }

  @Test
  void takesReportAndCertificatesFromConfigfs() {
    configfs(1184, -1).auxblob = new byte[] {7};

    SnpReport report = reports().report(DATA);

    assertThat(report.report().length()).isEqualTo(1184);
    assertThat(report.certificates()).isEqualTo(Bytes.fromHex("07"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x90, 1183, 1185, 4000})
  void refusesAReportOfOtherLength(int length) {
    configfs(length, -1);

    Refused.as(DeviceRefusal.REPORT_FAILURE, () -> reports().report(DATA))
        .hasMessageEndingWith("expected 1184 bytes, got " + length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x50, 0x6f, 0x8f})
  void refusesAReportAboutOtherReportDataWithoutAskingTheDevice(int changed) throws Exception {
    configfs(1184, changed);
    Files.createFile(dir.resolve("sev-guest"));

    Refused.as(DeviceRefusal.WRONG_REPORT_DATA, () -> reports().report(DATA))
        .hasMessage("quote failure: sev-snp report_data mismatch");
    assertThat(kernel.calls()).doesNotContain("open sev-guest");
  }

  @Test
  void asksTheDeviceForCertificatesThatDidNotComeAndGoesOnWithoutThem() throws Exception {
    configfs(1184, -1);
    Files.createFile(dir.resolve("sev-guest"));

    // An ordinary file answers no ioctl: ENOTTY.
    assertThat(reports().report(DATA).certificates()).isEqualTo(Bytes.EMPTY);
    assertThat(kernel.calls()).contains("open sev-guest", "ioctl");
  }

  @Test
  void asksTheDeviceWhenConfigfsFails() throws Exception {
    configfs(1184, -1);
    kernel.failing("mkdir", Errno.ENXIO);
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> reports().report(DATA));

    Files.createFile(dir.resolve("sev-guest"));
    kernel.failing("mkdir", Errno.ENXIO);
    Refused.as(DeviceRefusal.REPORT_FAILURE, () -> reports().report(DATA))
        .hasMessageContaining("Inappropriate ioctl for device");
  }

  @Test
  void saysThatThereIsNeither() {
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> reports().report(DATA))
        .hasMessage(
            "not supported: sev-snp report is unavailable: neither "
                + dir.resolve("report")
                + " nor "
                + dir.resolve("sev-guest")
                + " exists");
  }
}
