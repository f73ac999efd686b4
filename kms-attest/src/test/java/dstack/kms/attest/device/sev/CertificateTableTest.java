package dstack.kms.attest.device.sev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The certificates in a buffer of whole pages: specification 16 §3. */
class CertificateTableTest {
  private static final String VCEK = "63da758de6644564adc5f4b93be8accd";
  private static final String END = "00".repeat(24);

  @Test
  void cutsOffWhatLiesBehindTheTable() {
    Bytes table = Bytes.fromHex(VCEK + "30000000" + "05000000" + END + "3003020101");

    assertThat(CertificateTable.in(table.paddedTo(0x4000))).isEqualTo(table);
    assertThat(CertificateTable.in(table)).isEqualTo(table);
  }

  @ParameterizedTest
  @CsvSource({
    "30000000, 06000000",
    "31000000, 05000000",
    "ffffffff, 01000000",
    "30000000, ffffffff",
    "00000000, 05000000",
  })
  void givesNothingIfAnEntryPointsOutside(String offset, String length) {
    assertThat(CertificateTable.in(Bytes.fromHex(VCEK + offset + length + END + "3003020101")))
        .isEqualTo(Bytes.EMPTY);
  }

  @Test
  void givesNothingWithoutEntriesOrEnd() {
    assertThat(CertificateTable.in(Bytes.zeros(0x4000))).isEqualTo(Bytes.EMPTY);
    assertThat(CertificateTable.in(Bytes.EMPTY)).isEqualTo(Bytes.EMPTY);
    assertThat(CertificateTable.in(Bytes.fromHex(VCEK + "18000000" + "00000000")))
        .isEqualTo(Bytes.EMPTY);
    assertThat(CertificateTable.in(Bytes.fromHex("ff".repeat(500)))).isEqualTo(Bytes.EMPTY);
  }
}
