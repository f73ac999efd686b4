package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Specification 00 §9: limits. */
final class BodyLimitsTest {
  @Test
  void grantsTenMebibytesToSignCertAndOneToTheRest() {
    assertThat(BodyLimits.DEFAULT.of("SignCert")).isEqualTo(10_485_760);
    assertThat(BodyLimits.DEFAULT.of("GetAppKey")).isEqualTo(1_048_576);
  }

  @Test
  void comparesConfiguredNamesWithoutRegardToCase() {
    BodyLimits limits = new BodyLimits(Map.of("getappKEY", 17L, "SIGNCERT", 18L));
    assertThat(limits.of("GetAppKey")).isEqualTo(17);
    assertThat(limits.of("SignCert")).isEqualTo(18);
    assertThat(limits.of("GetMeta")).isEqualTo(1_048_576);
  }
}
