package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The page in which the firmware finds the hashes of command line, RAM disk and kernel. */
final class HashesPage {
  private static final int PAGE = 4096;
  private static final int ENTRY = 50;
  private static final int TABLE = 16 + 2 + 3 * ENTRY;
  private static final int PADDED_TABLE = 176;
  private static final Bytes HEADER = Bytes.fromHex("06d63894224fc94cb479a793d411fd21");
  private static final Bytes CMDLINE = Bytes.fromHex("d82dd09720bd944caa78e7714d36ab2a");
  private static final Bytes INITRD = Bytes.fromHex("31f7ba442f3ad74b9af141e29169781d");
  private static final Bytes KERNEL = Bytes.fromHex("3794e74dd2ab7f42b835d5b172d2045b");

  private HashesPage() {}

  /** The page's 4,096 bytes; refused if the table does not fit in it. */
  static Bytes of(OsImageMeasurement image) {
    int offset = (int) (image.hashesTableGpa() & (PAGE - 1));
    if (offset + PADDED_TABLE > PAGE) {
      throw LaunchRefusal.PARAMETERS.because("sev hash table overflows 4096-byte page");
    }
    ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN).position(offset);
    page.put(HEADER.toArray()).putShort((short) TABLE);
    entry(page, CMDLINE, cmdlineHash(image.cmdline()));
    entry(page, INITRD, image.initrdHash().isEmpty() ? Digests.sha256() : image.initrdHash());
    entry(page, KERNEL, image.kernelHash());
    return Bytes.of(page.array());
  }

  /** QEMU passes the text on with a NUL byte at its end. */
  private static Bytes cmdlineHash(String cmdline) {
    return Digests.sha256(Bytes.utf8(cmdline.strip()), Bytes.zeros(1));
  }

  private static void entry(ByteBuffer page, Bytes guid, Bytes hash) {
    page.put(guid.toArray()).putShort((short) ENTRY).put(hash.toArray());
  }
}
