package dstack.kms.attest.image.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every number of the generated image's expected values. */
final class SyntheticImageTest {
  private static final Tdvf FIRMWARE = Tdvf.parse(Synthetic.file("ovmf.fd"));

  static List<JsonNode> perMemory() {
    return Synthetic.perMemory();
  }

  @Test
  void readsTheSectionsOfTheFirmware() {
    JsonNode sections = Synthetic.expected().get("sections");

    assertThat(FIRMWARE.sections()).hasSize(sections.size());
    for (int i = 0; i < sections.size(); i++) {
      JsonNode expected = sections.get(i);
      TdvfSection section = FIRMWARE.sections().get(i);
      assertThat(section.dataOffset()).isEqualTo(expected.get(0).longValue());
      assertThat(section.range().start()).isEqualTo(expected.get(2).longValue());
      assertThat(section.range().length()).isEqualTo(expected.get(3).longValue());
      assertThat(section.isTdHob()).isEqualTo(expected.get(4).intValue() == 2);
      assertThat(section.isTemporary()).isEqualTo(expected.get(4).intValue() == 3);
      assertThat(section.isExtended()).isEqualTo(expected.get(5).intValue() == 1);
    }
  }

  @Test
  void measuresTheInitialMemoryInBothOrders() {
    assertThat(Mrtd.of(FIRMWARE, false)).isEqualTo(Synthetic.expected("mrtd_single_pass"));
    assertThat(Mrtd.of(FIRMWARE, true)).isEqualTo(Synthetic.expected("mrtd_two_pass"));
  }

  @Test
  void readsTheSameLayoutFromFirmwareAndWitness() {
    TdHob witness = TdHobWitness.parse(Synthetic.expected("td_hob_witness"));
    TdHob firmware = TdHob.of(FIRMWARE);

    assertThat(witness.address()).isEqualTo(firmware.address()).isEqualTo(0x809000);
    assertThat(witness.accepted()).containsExactlyInAnyOrderElementsOf(firmware.accepted());
  }

  @ParameterizedTest
  @MethodSource("perMemory")
  void listsTheMemory(JsonNode row) {
    Bytes expected = Synthetic.hex(row, "td_hob_sha384");

    assertThat(TdHob.of(FIRMWARE).digest(Synthetic.memory(row))).isEqualTo(expected);
    assertThat(
            TdHobWitness.parse(Synthetic.expected("td_hob_witness")).digest(Synthetic.memory(row)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("perMemory")
  void patchesAndHashesTheKernel(JsonNode row) {
    Bytes patched =
        KernelPatch.apply(
            Synthetic.file("bzImage"),
            Synthetic.expected().get("initrd_size").longValue(),
            Synthetic.memory(row));

    BoundedFile header = new BoundedFile(patched, MeasureRefusal.KERNEL, "the kernel");
    assertThat(header.u32(0x218)).isEqualTo(Long.decode(row.get("initrd_addr").stringValue()));
    assertThat(header.u32(0x21C)).isEqualTo(Synthetic.expected().get("initrd_size").longValue());
    assertThat(Authenticode.sha384(patched))
        .isEqualTo(Synthetic.hex(row, "kernel_authenticode_sha384"));
  }

  @ParameterizedTest
  @MethodSource("perMemory")
  void computesEveryRegister(JsonNode row) {
    ImageMeasurements single =
        ImageMeasurements.ofFiles(Synthetic.bootFiles(), Synthetic.memory(row), false);
    ImageMeasurements both =
        ImageMeasurements.ofFiles(Synthetic.bootFiles(), Synthetic.memory(row), true);

    assertThat(single.with(Synthetic.acpi()))
        .isEqualTo(
            new Registers(
                Synthetic.expected("mrtd_single_pass"),
                Synthetic.hex(row, "rtmr0"),
                Synthetic.hex(row, "rtmr1"),
                Synthetic.expected("rtmr2")));
    assertThat(both.mrtd()).isEqualTo(Synthetic.expected("mrtd_two_pass"));
  }

  @Test
  void hashesTheKernelAsItLiesInTheFileForATpm() {
    assertThat(Authenticode.sha256(Synthetic.file("bzImage")))
        .isEqualTo(Synthetic.expected("kernel_unpatched_authenticode_sha256"));
  }

  @Test
  void hashesCommandLineAndInitialFileSystem() {
    assertThat(BootEvents.cmdlineDigest(Synthetic.expected().get("cmdline").stringValue()))
        .isEqualTo(Synthetic.expected("cmdline_sha384"));
    assertThat(Digests.sha384(Synthetic.file("initramfs.cpio.gz")))
        .isEqualTo(Synthetic.expected("initrd_sha384"));
  }

  @Test
  void readsTheDocument() {
    TdxLiteDocument document = TdxLiteDocument.parse(Synthetic.file("measurement.tdx.cbor"));

    assertThat(document.mrtdSinglePass()).isEqualTo(Synthetic.expected("mrtd_single_pass"));
    assertThat(document.mrtdTwoPass()).isEqualTo(Synthetic.expected("mrtd_two_pass"));
    assertThat(document.cmdlineSha384()).isEqualTo(Synthetic.expected("cmdline_sha384"));
    assertThat(document.initrdSha384()).isEqualTo(Synthetic.expected("initrd_sha384"));
  }

  @ParameterizedTest
  @MethodSource("perMemory")
  void findsTheSameRegistersFromTheDocumentWhereItCounts(JsonNode row) {
    TdxLiteDocument document = TdxLiteDocument.parse(Synthetic.file("measurement.tdx.cbor"));
    Registers fromDocument =
        document.measurements(Synthetic.memory(row), true).with(Synthetic.acpi());
    Registers fromFiles =
        ImageMeasurements.ofFiles(Synthetic.bootFiles(), Synthetic.memory(row), true)
            .with(Synthetic.acpi());

    assertThat(fromDocument.equals(fromFiles)).isEqualTo(row.get("lite_allowed").booleanValue());
  }
}
