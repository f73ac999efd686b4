package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.cbor.CborText;
import java.util.List;

/** What is measured when a simulated image is launched (specification 16 §5). */
public record SnpImage(
    String cmdline,
    Bytes ovmfHash,
    Bytes kernelHash,
    Bytes initrdHash,
    long hashesTableGpa,
    long resetEip,
    List<LaunchSection> sections) {
  static final int SEC_MEMORY = 1;
  static final int SECRETS = 2;
  static final int CPUID = 3;
  static final int SVSM_CALLING_AREA = 4;
  static final int KERNEL_HASHES = 0x10;

  private static final List<LaunchSection> SECTIONS =
      List.of(
          new LaunchSection(0x100000, 0x2000, SEC_MEMORY),
          new LaunchSection(0x800000, 0x1000, KERNEL_HASHES),
          new LaunchSection(0x810000, 0x1000, SECRETS),
          new LaunchSection(0x820000, 0x1000, CPUID));

  public SnpImage {
    sections = List.copyOf(sections);
  }

  /** The image of that name. */
  public static SnpImage of(Bytes name) {
    return new SnpImage(
        "console=ttyS0 dstack.rootfs_hash=" + hash("root", name).hex(),
        Digests.sha384(Bytes.utf8("SIMULATED firmware of " + name)),
        hash("kernel", name),
        hash("initrd", name),
        0x801000,
        0x80b004,
        SECTIONS);
  }

  private static Bytes hash(String what, Bytes name) {
    return Digests.sha256(Bytes.utf8("SIMULATED " + what + " of " + name));
  }

  /** The measurement document. */
  public Bytes document() {
    Bytes[] listed =
        sections.stream()
            .map(
                section ->
                    CborText.map(
                        CborText.text("gpa"),
                        CborText.integer(section.gpa()),
                        CborText.text("size"),
                        CborText.integer(section.size()),
                        CborText.text("type"),
                        CborText.integer(section.type())))
            .toArray(Bytes[]::new);
    return CborText.map(
        CborText.text("version"),
        CborText.integer(3),
        CborText.text("cmdline"),
        CborText.text(cmdline),
        CborText.text("ovmf_sections"),
        CborText.array(listed),
        CborText.text("hashes_table_gpa"),
        CborText.integer(hashesTableGpa),
        CborText.text("reset_eip"),
        CborText.integer(resetEip),
        CborText.text("kernel_hash"),
        CborText.bytes(kernelHash),
        CborText.text("initrd_hash"),
        CborText.bytes(initrdHash),
        CborText.text("ovmf_hash"),
        CborText.bytes(ovmfHash));
  }
}
