package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Specification 00 §9: limits. */
final class BodyLimitsTest {
  @Test
  void grantsTenMebibytesToSignCertAndOneToTheRest() {
    assertThat(BodyLimits.DEFAULT.applyAsLong("SignCert")).isEqualTo(10_485_760);
    assertThat(BodyLimits.DEFAULT.applyAsLong("GetAppKey")).isEqualTo(1_048_576);
  }

  @Test
  void comparesConfiguredNamesWithoutRegardToCase() {
    BodyLimits limits = new BodyLimits(Map.of("getappKEY", 17L, "SIGNCERT", 18L));
    assertThat(limits.applyAsLong("GetAppKey")).isEqualTo(17);
    assertThat(limits.applyAsLong("SignCert")).isEqualTo(18);
    assertThat(limits.applyAsLong("GetMeta")).isEqualTo(1_048_576);
  }
}
