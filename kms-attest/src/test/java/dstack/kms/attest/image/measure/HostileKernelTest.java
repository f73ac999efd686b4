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
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that lie about themselves, and the branches that the generated one does not take. */
final class HostileKernelTest {
  private static final Bytes KERNEL = Synthetic.file("bzImage");
  private static final MemorySize TWO_GIB = new MemorySize(1L << 31);
  private static final int HEADER =
      (int) new BoundedFile(KERNEL, MeasureRefusal.KERNEL, "").u32(60);
  private static final int OPTIONAL = HEADER + 24;

  /** 0x1000 + 0x2000 + 0x1800. */
  private static final int SECTIONS_END = 0x4800;

  private static BoundedFile patched(Bytes kernel, long initrd, MemorySize memory) {
    return new BoundedFile(
        KernelPatch.apply(kernel, initrd, memory), MeasureRefusal.KERNEL, "the kernel");
  }

  @Test
  void refusesAKernelThatIsTooShort() {
    assertThatThrownBy(() -> KernelPatch.apply(KERNEL.slice(0, 0xfff), 1, TWO_GIB))
        .hasMessage("the kernel image is too short");
  }

  @Test
  void refusesAnInitialFileSystemForAKernelThatIsTooOld() {
    Bytes old = Synthetic.withLe(KERNEL, 0x206, 0x1ff, 2);

    assertThatThrownBy(() -> KernelPatch.apply(old, 1, TWO_GIB))
        .hasMessage("the kernel image is too old for ramdisk");
  }

  @ParameterizedTest
  @CsvSource({
    "0x80000000, 0x7ffd7fff", // max = 2 GiB - 0x28000 - 1
    "0x80000000, 0xffffffff",
    "0x40000000, 0x3ffd7fff",
    "0x28000, 1",
    "0x1000, 1"
  })
  void refusesAnInitialFileSystemThatDoesNotFit(String memory, String size) {
    assertThatThrownBy(
            () -> KernelPatch.apply(KERNEL, Long.decode(size), new MemorySize(Long.decode(memory))))
        .hasMessage("initrd is too large");
  }

  @ParameterizedTest
  @CsvSource({
    // protocol, loaded high, 0x210, 0x224, 0x228, 0x20, 0x22; -1 where nothing is written
    "0x1ff, 1, -1, -1, -1, 0xa33f, 0xa000",
    "0x200, 1, 0xb0, -1, -1, 0xa33f, 0x0000",
    "0x200, 0, 0xb0, -1, -1, 0xa33f, 0xa000",
    "0x201, 1, 0xb0, 0xfe00, -1, 0xa33f, 0x0000",
    "0x201, 0, 0xb0, 0x9e00, -1, 0xa33f, 0xa000",
    "0x202, 1, 0xb0, 0xfe00, 0x20000, -1, -1",
    "0x20c, 0, 0xb0, 0x9e00, 0x9a000, -1, -1"
  })
  void writesWhatTheProtocolAsksFor(
      String protocol,
      int high,
      String type,
      String heap,
      String cmdline,
      String magic,
      String at) {
    Bytes kernel = Synthetic.withLe(KERNEL, 0x206, Long.decode(protocol), 2);
    kernel = Synthetic.changed(kernel, 0x211, high);
    for (int offset : new int[] {0x20, 0x22, 0x210, 0x224, 0x228}) {
      kernel = Synthetic.withLe(kernel, offset, 0x55, 1);
    }
    BoundedFile before = new BoundedFile(kernel, MeasureRefusal.KERNEL, "");
    BoundedFile after = patched(kernel, 0, TWO_GIB);

    assertThat(after.u8(0x210)).isEqualTo(orElse(type, before.u8(0x210)));
    assertThat(after.u32(0x224)).isEqualTo(orElse(heap, before.u32(0x224)));
    assertThat(after.u32(0x228)).isEqualTo(orElse(cmdline, before.u32(0x228)));
    assertThat(after.u16(0x20)).isEqualTo((int) orElse(magic, before.u16(0x20)));
    assertThat(after.u16(0x22)).isEqualTo((int) orElse(at, before.u16(0x22)));
  }

  private static long orElse(String expected, long otherwise) {
    return Long.decode(expected) < 0 ? otherwise : Long.decode(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0x202, 0, 0, 0x37ffe000", // older than the field: the default 0x37ffffff
    "0x203, 0, 0, 0x37ffe000",
    "0x203, 0x1000000, 0, 0xfff000",
    "0x20b, 0x1000000, 0, 0xfff000",
    "0x20c, 0x1000000, 0, 0x37ffe000",
    "0x20c, 0, 0x40, 0x7ffd6000"
  })
  void placesTheInitialFileSystemBelowTheKernelsLimit(
      String protocol, String limit, String flags, String address) {
    Bytes kernel = Synthetic.withLe(KERNEL, 0x206, Long.decode(protocol), 2);
    kernel = Synthetic.withLe(kernel, 0x22C, Long.decode(limit), 4);
    kernel = Synthetic.withLe(kernel, 0x236, Long.decode(flags), 2);

    assertThat(patched(kernel, 0x1000, TWO_GIB).u32(0x218)).isEqualTo(Long.decode(address));
  }

  @ParameterizedTest
  @CsvSource({
    "60, 4, 0, no PE signature",
    "60, 4, 0xffffffff, refers to bytes outside of itself",
    "60, 4, 0x5002, refers to bytes outside of itself",
  })
  void refusesAPeHeaderThatIsElsewhere(int offset, int width, String value, String text) {
    assertThatThrownBy(
            () -> Authenticode.sha384(Synthetic.withLe(KERNEL, offset, Long.decode(value), width)))
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource({"60, 4, 0", "60, 4, 0xffffffff", "60, 4, 0x10000000"})
  void refusesHeadersOfAnImpossibleSize(int offset, int width, String value) {
    Bytes hostile = Synthetic.withLe(KERNEL, OPTIONAL + offset, Long.decode(value), width);

    assertThatThrownBy(() -> Authenticode.sha384(hostile))
        .hasMessageContaining("refers to bytes outside of itself");
  }

  @Test
  void refusesTooManySections() {
    assertThatThrownBy(() -> Authenticode.sha384(Synthetic.withLe(KERNEL, HEADER + 6, 0xffff, 2)))
        .hasMessage("more than 1024 PE sections");
  }

  @Test
  void refusesSectionsThatOverlap() {
    int table = OPTIONAL + new BoundedFile(KERNEL, MeasureRefusal.KERNEL, "").u16(HEADER + 20);
    Bytes first = Synthetic.withLe(KERNEL, table + 16, KERNEL.length(), 4);
    Bytes both = Synthetic.withLe(first, table + 20, 0, 4);

    assertThatThrownBy(() -> Authenticode.sha384(both)).hasMessage("PE sections overlap");
  }

  @Test
  @DisplayName("T-43: every measured byte of the kernel counts")
  void hashesEveryByteOfEverySection() {
    Bytes expected = Authenticode.sha384(KERNEL);
    int unmeasured = 0;
    for (int offset = 0; offset < SECTIONS_END; offset += 37) {
      unmeasured += digestOrEmpty(Synthetic.flipped(KERNEL, offset)).equals(expected) ? 1 : 0;
    }
    assertThat(unmeasured).as("only the PE checksum and the certificate entry").isLessThan(2);
  }

  @Test
  void doesNotHashWhatLiesBehindTheLastSection() {
    Bytes expected = Authenticode.sha384(KERNEL);

    assertThat(Authenticode.sha384(Synthetic.flipped(KERNEL, SECTIONS_END))).isEqualTo(expected);
    assertThat(Authenticode.sha384(Synthetic.flipped(KERNEL, SECTIONS_END - 1)))
        .isNotEqualTo(expected);
  }

  private static Bytes digestOrEmpty(Bytes pe) {
    try {
      return Authenticode.sha384(pe);
    } catch (RefusalException refusal) {
      return Bytes.EMPTY;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 0x200, 0x1000, 0x3000, 20_000})
  void hashesOrRefusesACutFile(int length) {
    assertThat(digestOrEmpty(KERNEL.slice(0, length)).length()).isIn(0, 48);
  }

  @Property(tries = 3000)
  void patchesAndHashesOrRefusesWhateverTheHeadersSay(
      @ForAll @IntRange(min = 0, max = 0x5ff) int offset,
      @ForAll @Size(min = 1, max = 8) byte[] junk,
      @ForAll @IntRange(min = 1, max = 1 << 30) int memory) {
    byte[] copy = KERNEL.toArray();
    System.arraycopy(junk, 0, copy, offset, junk.length);
    try {
      Authenticode.sha384(KernelPatch.apply(Bytes.of(copy), 1000, new MemorySize(memory)));
    } catch (RefusalException expected) {
      assertThat(expected.text()).isNotEmpty();
    }
  }
}
