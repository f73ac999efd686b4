package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.file.Room;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T-45: what refusals may not take. */
class AuditReserveTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "10240, 256, false",
    "10240, 255, true",
    "1024, 256, false",
    "1024, 255, true",
    "64, 16, false",
    "64, 15, true",
    "64, 0, true",
    "0, 0, false",
  })
  void isReachedBelowAQuarterOfTheVolumeOrAQuarterOfAGibibyte(
      long total, long free, boolean reached) {
    assertThat(AuditReserve.isReached(new Room(free * MIB, total * MIB))).isEqualTo(reached);
  }
}
