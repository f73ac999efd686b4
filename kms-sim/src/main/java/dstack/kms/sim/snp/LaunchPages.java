package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The two pages that the host makes for a launch (specification 16 §5). */
final class LaunchPages {
  private static final int PAGE = 4096;
  private static final Bytes TABLE = Bytes.fromHex("06d63894224fc94cb479a793d411fd21");
  private static final Bytes CMDLINE = Bytes.fromHex("d82dd09720bd944caa78e7714d36ab2a");
  private static final Bytes INITRD = Bytes.fromHex("31f7ba442f3ad74b9af141e29169781d");
  private static final Bytes KERNEL = Bytes.fromHex("3794e74dd2ab7f42b835d5b172d2045b");
  private static final int TABLE_LENGTH = 168;
  private static final int ENTRY_LENGTH = 50;

  private LaunchPages() {}

  /** The page with the hashes of command line, initial RAM disk and kernel, in this order. */
  static Bytes hashes(SnpImage image) {
    byte[] raw = new byte[PAGE];
    ByteBuffer page = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    page.position((int) (image.hashesTableGpa() & 0xfff));
    page.put(TABLE.toArray()).putShort((short) TABLE_LENGTH);
    Bytes cmdline = Bytes.utf8(image.cmdline().strip() + "\0");
    entry(page, CMDLINE, Digests.sha256(cmdline));
    entry(page, INITRD, image.initrdHash());
    entry(page, KERNEL, image.kernelHash());
    return Bytes.of(raw);
  }

  private static void entry(ByteBuffer page, Bytes name, Bytes hash) {
    page.put(name.toArray()).putShort((short) ENTRY_LENGTH).put(hash.toArray());
  }

  /** The state in which a virtual processor starts. */
  static Bytes vmsa(long eip, long signature, long features) {
    byte[] raw = new byte[PAGE];
    ByteBuffer page = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset : new int[] {0x000, 0x020, 0x030, 0x040, 0x050}) {
      segment(page, offset, 0, 0x93, 0xffff, 0);
    }
    segment(page, 0x010, 0xf000, 0x9b, 0xffff, eip & 0xffff0000L);
    segment(page, 0x060, 0, 0, 0xffff, 0);
    segment(page, 0x070, 0, 0x82, 0xffff, 0);
    segment(page, 0x080, 0, 0, 0xffff, 0);
    segment(page, 0x090, 0, 0x8b, 0xffff, 0);
    page.putLong(0x0d0, 0x1000).putLong(0x148, 0x40).putLong(0x158, 0x10).putLong(0x160, 0x400);
    page.putLong(0x168, 0xffff0ff0L).putLong(0x170, 2).putLong(0x178, eip & 0xffff);
    page.putLong(0x268, 0x0007040600070406L).putLong(0x310, signature);
    page.putLong(0x3b0, features).putLong(0x3e8, 1);
    page.putInt(0x408, 0x1f80).putShort(0x410, (short) 0x037f);
    return Bytes.of(raw);
  }

  private static void segment(
      ByteBuffer page, int offset, int selector, int attributes, int limit, long base) {
    page.putShort(offset, (short) selector).putShort(offset + 2, (short) attributes);
    page.putInt(offset + 4, limit).putLong(offset + 8, base);
  }
}
