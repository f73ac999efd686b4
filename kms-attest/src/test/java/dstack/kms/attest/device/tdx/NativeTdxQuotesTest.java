package dstack.kms.attest.device.tdx;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.device.TestKernel;
import dstack.kms.attest.device.TestQuotes;
import dstack.kms.attest.device.TestTiming;
import dstack.kms.attest.forged.Quotes;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.FakeConfigfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice between the ways to a quote, and what is checked about it: 13 §2, §8 and §10. */
class NativeTdxQuotesTest {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));

  @TempDir Path dir;
  private final TestKernel kernel = new TestKernel();
  private final Map<String, String> flags = new HashMap<>();

  private NativeTdxQuotes quotes() {
    flags.put("core.device.configfs", dir.resolve("report").toString());
    flags.put("core.device.tdx_guest", dir.resolve("tdx_guest").toString());
    flags.put("core.device.qgs_config", dir.resolve("conf").toString());
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new NativeTdxQuotes(config.device(), kernel, new TestTiming(), new SecureRandom());
  }

  private void answers(byte... quote) {
    kernel.with(new FakeConfigfs(dir.resolve("report"), request -> quote));
  }

  @Test
  void givesTheQuoteWithItsPadding() {
    Bytes quote = Bytes.of(TestQuotes.over(DATA.value().toArray())).paddedTo(8000);
    answers(quote.toArray());

    assertThat(quotes().quote(DATA)).isEqualTo(quote);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 63})
  void refusesAQuoteAboutOtherReportData(int changed) {
    byte[] other = DATA.value().toArray();
    other[changed] ^= 1;
    answers(TestQuotes.over(other));

    Refused.as(DeviceRefusal.WRONG_REPORT_DATA, () -> quotes().quote(DATA))
        .hasMessage("quote failure: the quote is about other report data");
  }

  @Test
  void refusesAQuoteOfAnEnclave() {
    Quotes sgx = new Quotes(Bytes.zeros(1000)).sgx();
    System.arraycopy(DATA.value().toArray(), 0, sgx.body, 320, 64);
    answers(sgx.bytes().toArray());

    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> quotes().quote(DATA))
        .hasMessage("quote failure: not a quote of a trust domain");
  }

  @Test
  void refusesWhatIsNoQuote() {
    answers(new byte[2000]);

    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> quotes().quote(DATA))
        .hasMessageStartingWith("quote failure: not a quote: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 632, 1020})
  void refusesAQuoteThatIsTooShort(int length) {
    answers(new byte[length]);

    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> quotes().quote(DATA))
        .hasMessage("quote failure: invalid quote size: " + length);
  }

  @Test
  void knowsNoWayWithoutConfigfsAndPort() throws Exception {
    String text =
        "not supported: no quote method available (configfs not mounted, no vsock port configured)";
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> quotes().quote(DATA)).hasMessage(text);
    Files.writeString(dir.resolve("conf"), "# port = 4050\n");
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> quotes().quote(DATA)).hasMessage(text);
  }

  @Test
  void asksTheServiceWithoutConfigfs() throws Exception {
    Files.writeString(dir.resolve("conf"), "port = 4050\n");

    // There is no such device here: that it was opened shows which way was taken.
    Refused.as(DeviceRefusal.FAILURE, () -> quotes().quote(DATA))
        .hasMessageStartingWith("device failure: open " + dir.resolve("tdx_guest"));
  }

  @Test
  void takesAFailureOfConfigfsAsFinalUnlessToldOtherwise() throws Exception {
    Files.writeString(dir.resolve("conf"), "port = 4050\n");
    kernel.vsock = Optional.of(dir);
    answers(TestQuotes.over(DATA.value().toArray()));

    kernel.failing("mkdir", Errno.ENXIO);
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> quotes().quote(DATA))
        .hasMessageContaining("failed to prepare configfs");
    assertThat(kernel.calls()).doesNotContain("open tdx_guest");

    flags.put("core.device.qgs_after_configfs", "true");
    kernel.failing("mkdir", Errno.ENXIO);
    Refused.as(DeviceRefusal.FAILURE, () -> quotes().quote(DATA));
    assertThat(kernel.calls()).contains("open tdx_guest");
  }
}
