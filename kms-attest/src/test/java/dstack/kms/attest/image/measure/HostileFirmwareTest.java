package dstack.kms.attest.image.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Firmware that lies about itself. */
final class HostileFirmwareTest {
  private static final Bytes FIRMWARE = Synthetic.file("ovmf.fd");
  private static final int END = 0x10000;
  private static final int DESCRIPTOR = END - 0x3000;
  private static final int FIRST_SECTION = DESCRIPTOR + 16;

  @ParameterizedTest
  @CsvSource({
    // the table of GUIDs: footer, its length, the entries' lengths, the distance
    "0xffd0, 2, 0, Invalid footer GUID",
    "0xffce, 2, 0, Invalid tables length",
    "0xffce, 2, 0xffff, Invalid tables length",
    "0xffce, 2, 17, Missing TDVF metadata",
    "0xffbc, 2, 0, Invalid entry length",
    "0xffbc, 2, 17, Invalid entry length",
    "0xffbc, 2, 63, Invalid entry length",
    "0xffa6, 2, 0, Invalid entry length",
    "0xffa6, 2, 18, Invalid entry length",
    "0xffa8, 4, 0, Failed to parse TDVF metadata",
    "0xffa2, 4, 0xffffffff, refers to bytes outside of itself",
    "0xffa2, 4, 0x10001, refers to bytes outside of itself",
    "0xffa2, 4, 2, refers to bytes outside of itself",
    "0xffa2, 4, 0x3001, no TDVF descriptor",
    // the descriptor
    "0xd000, 4, 0, no TDVF descriptor",
    "0xd008, 4, 2, Unsupported TDVF version",
    "0xd00c, 4, 65, more than 64 TDVF sections",
    "0xd00c, 4, 0xffffffff, more than 64 TDVF sections",
    // the first section, which is measured
    "0xd014, 4, 32769, TDVF section has more data than memory",
    "0xd014, 4, 32767, TDVF section is measured beyond its data",
    "0xd018, 8, 1, TDVF section is not of whole pages",
    "0xd018, 8, -4096, TDVF section is outside of the address space",
    "0xd018, 8, 0x10000000000000, TDVF section is outside of the address space",
    "0xd020, 8, 4097, TDVF section is not of whole pages",
    "0xd020, 8, -4096, TDVF section is outside of the address space",
    "0xd020, 8, 0x7ffffffffffff000, TDVF section is outside of the address space",
    "0xd010, 4, 0xfffffff0, refers to bytes outside of itself",
    "0xd010, 4, 0x8001, refers to bytes outside of itself",
    // the second, which is not
    "0xd040, 8, 0x10000000, TDVF sections of more than 256 MiB",
  })
  void refusesAFieldOfItsMetadata(String offset, int width, String value, String text) {
    Bytes hostile = Synthetic.withLe(FIRMWARE, Integer.decode(offset), Long.decode(value), width);

    assertThatThrownBy(() -> Mrtd.of(Tdvf.parse(hostile), true))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(text);
  }

  @Test
  void refusesRangesThatOverlapOrDoNotFit() {
    int temporary = FIRST_SECTION + 5 * TdvfSection.LENGTH;
    Bytes overlapping = Synthetic.withLe(FIRMWARE, temporary + 8, 0x809000, 8);
    MemorySize memory = new MemorySize(1L << 30);

    assertThatThrownBy(() -> TdHob.of(Tdvf.parse(overlapping)).digest(memory))
        .hasMessageContaining("overlap or do not fit");
    assertThatThrownBy(() -> TdHob.of(Tdvf.parse(FIRMWARE)).digest(new MemorySize(0x81ffff)))
        .hasMessageContaining("overlap or do not fit");
  }

  @Test
  void refusesEveryShorterFirmware() {
    for (int length = 0; length < END; length += length < 200 ? 1 : 977) {
      Bytes cut = FIRMWARE.slice(0, length);
      assertThatThrownBy(() -> Tdvf.parse(cut)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  @DisplayName("T-43: every measured byte of the firmware counts")
  void measuresEveryByteOfTheBootVolume() {
    Bytes expected = Mrtd.of(Tdvf.parse(FIRMWARE), true);
    for (int offset = 0x4000; offset < 0x4000 + 0x8000; offset += 61) {
      assertThat(Mrtd.of(Tdvf.parse(Synthetic.flipped(FIRMWARE, offset)), true))
          .isNotEqualTo(expected);
    }
  }

  @Property(tries = 3000)
  void measuresOrRefusesWhateverTheMetadataSay(
      @ForAll @IntRange(min = 0, max = 0x1ff) int at,
      @ForAll boolean descriptor,
      @ForAll @Size(min = 1, max = 8) byte[] junk) {
    byte[] copy = FIRMWARE.toArray();
    int offset = descriptor ? DESCRIPTOR + at : END - 0x200 + at;
    System.arraycopy(junk, 0, copy, offset, Math.min(junk.length, END - offset));
    try {
      Tdvf tdvf = Tdvf.parse(Bytes.of(copy));
      Mrtd.of(tdvf, false);
      TdHob.of(tdvf).digest(new MemorySize(1L << 31));
    } catch (RefusalException expected) {
      assertThat(expected.text()).isNotEmpty();
    }
  }
}
