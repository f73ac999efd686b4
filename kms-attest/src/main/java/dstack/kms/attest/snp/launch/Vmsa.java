package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The state in which QEMU starts a virtual processor: a page that is measured. */
final class Vmsa {
  /** Where the first processor starts: the reset vector. */
  static final int BOOT_EIP = 0xffff_fff0;

  private static final int PAGE = 4096;
  private static final int DATA_SEGMENT = 0x93;
  private static final int CODE_SEGMENT = 0x9b;
  private static final int LIMIT = 0xffff;

  private final ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);

  private Vmsa() {}

  /** The page's 4,096 bytes. */
  static Bytes page(int eip, int vcpuSignature, long guestFeatures) {
    Vmsa state = new Vmsa();
    state.segments(eip);
    state.registers(eip, vcpuSignature);
    state.page.putLong(0x3b0, guestFeatures);
    state.page.putLong(0x3e8, 1); // XCR0
    state.page.putInt(0x408, 0x1f80); // MXCSR
    state.page.putShort(0x410, (short) 0x037f); // x87 control word
    return Bytes.of(state.page.array());
  }

  private void segments(int eip) {
    segment(0x000, 0, DATA_SEGMENT, 0); // ES
    segment(0x010, 0xf000, CODE_SEGMENT, eip & 0xffff_0000); // CS
    segment(0x020, 0, DATA_SEGMENT, 0); // SS
    segment(0x030, 0, DATA_SEGMENT, 0); // DS
    segment(0x040, 0, DATA_SEGMENT, 0); // FS
    segment(0x050, 0, DATA_SEGMENT, 0); // GS
    segment(0x060, 0, 0, 0); // GDTR
    segment(0x070, 0, 0x82, 0); // LDTR
    segment(0x080, 0, 0, 0); // IDTR
    segment(0x090, 0, 0x8b, 0); // TR
  }

  private void registers(int eip, int vcpuSignature) {
    page.putLong(0x0d0, 0x1000); // EFER.SVME
    page.putLong(0x148, 0x40); // CR4.MCE
    page.putLong(0x158, 0x10); // CR0.ET
    page.putLong(0x160, 0x400); // DR7
    page.putLong(0x168, 0xffff_0ff0L); // DR6
    page.putLong(0x170, 2); // RFLAGS
    page.putLong(0x178, eip & 0xffff); // RIP
    page.putLong(0x268, 0x0007_0406_0007_0406L); // PAT
    page.putLong(0x310, vcpuSignature); // RDX
  }

  private void segment(int offset, int selector, int attributes, int base) {
    page.putShort(offset, (short) selector);
    page.putShort(offset + 2, (short) attributes);
    page.putInt(offset + 4, LIMIT);
    page.putLong(offset + 8, Integer.toUnsignedLong(base));
  }
}
