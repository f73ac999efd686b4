package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What QEMU writes into the set-up header of a kernel before the firmware measures it
 * (specification 17 §5.4). All numbers little-endian.
 */
final class KernelPatch {
  private static final int SMALLEST = 0x1000;
  private static final long ACPI_DATA = 0x28000;
  private static final long DEFAULT_INITRD_MAX = 0x37FF_FFFFL;
  private static final long MAX_U32 = 0xFFFF_FFFFL;
  private static final int LOADED_HIGH = 0x211;
  private static final int CAN_BE_ABOVE_4G = 0x40;

  private final BoundedFile kernel;
  private final ByteBuffer patched;
  private final int protocol;

  private KernelPatch(Bytes kernel) {
    this.kernel = new BoundedFile(kernel, MeasureRefusal.KERNEL, "the kernel");
    this.patched = ByteBuffer.wrap(kernel.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    this.protocol = this.kernel.u16(0x206);
  }

  /**
   * The kernel as it is measured.
   *
   * @param initrdSize bytes; 0 for none
   */
  static Bytes apply(Bytes kernel, long initrdSize, MemorySize memory) {
    if (kernel.length() < SMALLEST) {
      throw refused("the kernel image is too short");
    }
    KernelPatch patch = new KernelPatch(kernel);
    patch.writeHeader();
    if (initrdSize > 0) {
      patch.writeInitrd(initrdSize, memory);
    }
    return Bytes.of(patch.patched.array());
  }

  private void writeHeader() {
    boolean low = protocol < 0x200 || (kernel.u8(LOADED_HIGH) & 1) == 0;
    int real = low ? 0x90000 : 0x10000;
    int cmdline = low ? 0x9A000 : 0x20000;
    if (protocol >= 0x200) {
      patched.put(0x210, (byte) 0xB0);
    }
    if (protocol >= 0x201) {
      patched.put(LOADED_HIGH, (byte) (kernel.u8(LOADED_HIGH) | 0x80));
      patched.putInt(0x224, cmdline - real - 0x200);
    }
    if (protocol >= 0x202) {
      patched.putInt(0x228, cmdline);
    } else {
      patched.putShort(0x20, (short) 0xA33F);
      patched.putShort(0x22, (short) (cmdline - real));
    }
  }

  private void writeInitrd(long size, MemorySize memory) {
    if (protocol < 0x200) {
      throw refused("the kernel image is too old for ramdisk");
    }
    long available = memory.belowHole() - ACPI_DATA;
    if (available <= 0) {
      throw refused("initrd is too large");
    }
    long max = Math.min(initrdMax(), available - 1);
    if (size >= max) {
      throw refused("initrd is too large");
    }
    patched.putInt(0x218, (int) (max - size & ~0xFFFL));
    patched.putInt(0x21C, (int) size);
  }

  private long initrdMax() {
    if (protocol >= 0x20C) {
      return (kernel.u16(0x236) & CAN_BE_ABOVE_4G) != 0 ? MAX_U32 : DEFAULT_INITRD_MAX;
    }
    long stated = protocol >= 0x203 ? kernel.u32(0x22C) : 0;
    return stated == 0 ? DEFAULT_INITRD_MAX : stated;
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.KERNEL.because(text);
  }
}
