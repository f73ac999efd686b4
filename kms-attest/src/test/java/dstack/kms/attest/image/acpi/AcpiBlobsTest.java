package dstack.kms.attest.image.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The expected digests come from a separate program over the same tables. */
final class AcpiBlobsTest {
  @Test
  void makesLoaderAndRootPointer() {
    AcpiBlobs blobs = AcpiBlobs.of(Tables.all());

    assertThat(blobs.loader().length()).isEqualTo(4096);
    assertThat(blobs.rsdp().length()).isEqualTo(20);
    assertThat(blobs.digests()).isEqualTo(Tables.DIGESTS);
  }

  @Test
  void refusesBlobsWithoutATable() {
    Bytes all = Tables.all();
    for (String name : TableLoader.NEEDED) {
      byte[] without = all.toArray();
      without[Tables.offsetOf(name)] = 'X';
      assertThatThrownBy(() -> AcpiBlobs.of(Bytes.of(without)))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("the ACPI tables program wrote no tables: ");
    }
    assertThatThrownBy(() -> AcpiBlobs.of(Bytes.EMPTY)).hasMessageContaining("table not found: ");
  }

  @Test
  void refusesLengthsThatLeadNowhere() {
    for (int length : new int[] {0, 1, 35, 5000, -1, Integer.MIN_VALUE}) {
      byte[] hostile = Tables.all().toArray();
      for (int i = 0; i < 4; i++) {
        hostile[4 + i] = (byte) (length >> (8 * i));
      }
      assertThatThrownBy(() -> AcpiBlobs.of(Bytes.of(hostile)))
          .hasMessageContaining("table at offset 0 has the length " + length);
    }
  }

  @Property(tries = 2000)
  void makesBlobsOrRefusesWhateverTheTablesSay(
      @ForAll @IntRange(min = 0, max = 2047) int offset, @ForAll byte value) {
    byte[] hostile = Tables.all().toArray();
    hostile[offset] = value;
    try {
      AcpiDigests digests = AcpiBlobs.of(Bytes.of(hostile)).digests();
      assertThat(digests.tables().equals(Tables.DIGESTS.tables()))
          .isEqualTo(Tables.all().at(offset) == Byte.toUnsignedInt(value));
    } catch (RefusalException expected) {
      assertThat(expected.code()).isEqualTo(AcpiRefusal.TABLES);
    }
  }
}
