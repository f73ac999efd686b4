package dstack.kms.attest.tdx;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a trust domain must be: specification 11 §9. */
class TdPolicyTest {
  private static final int MR_SIGNER_SEAM_V4 = 112;
  private static final int TD_ATTRIBUTES_V4 = 168;
  private static final int MR_SERVICE_TD_V5 = 654;

  @Test
  void acceptsRealDomains() {
    assertThatCode(
            () -> {
              TdPolicy.require(report("tdx_quote_v4_a.bin", -1));
              TdPolicy.require(withoutServiceDomain(-1));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void t32_refusesTheRealDebugDomain() {
    assertThatThrownBy(() -> TdPolicy.require(report("tdx_quote_v4_debug.bin", -1)))
        .hasMessage("Debug mode is not allowed");
    assertThatThrownBy(() -> TdPolicy.require(report("tdx_quote_v4_a.bin", TD_ATTRIBUTES_V4)))
        .hasMessage("Debug mode is not allowed");
  }

  @Test
  void refusesAModuleThatIsNotIntels() {
    for (int i = 0; i < 48; i++) {
      TdReport report = report("tdx_quote_v4_a.bin", MR_SIGNER_SEAM_V4 + i);
      assertThatThrownBy(() -> TdPolicy.require(report)).hasMessage("Invalid mr signer seam");
    }
  }

  @Test
  void t32_refusesADomainWithAServiceDomain() {
    assertThatThrownBy(() -> TdPolicy.require(report("tdx_quote_v5_td15_parse.bin", -1)))
        .hasMessage("Invalid mr service td");
    for (int i = 0; i < 48; i++) {
      TdReport report = withoutServiceDomain(MR_SERVICE_TD_V5 + i);
      assertThatThrownBy(() -> TdPolicy.require(report)).hasMessage("Invalid mr service td");
    }
  }

  private static TdReport withoutServiceDomain(int flipped) {
    byte[] quote = Vectors.bytes("tdx/tdx_quote_v5_td15_parse.bin");
    Arrays.fill(quote, MR_SERVICE_TD_V5, MR_SERVICE_TD_V5 + 48, (byte) 0);
    return report(quote, flipped);
  }

  private static TdReport report(String name, int flipped) {
    return report(Vectors.bytes("tdx/" + name), flipped);
  }

  private static TdReport report(byte[] quote, int flipped) {
    if (flipped >= 0) {
      quote[flipped] ^= 1;
    }
    return (TdReport) UnverifiedQuote.parse(Bytes.of(quote)).report();
  }
}
