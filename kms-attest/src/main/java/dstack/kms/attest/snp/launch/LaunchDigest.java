package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The digest that the secure processor extends with every page of a launch (SEV-SNP ABI, PAGE_INFO;
 * specification 16 §5).
 */
final class LaunchDigest {
  static final int LENGTH = 48;
  static final Bytes NO_CONTENTS = Bytes.zeros(LENGTH);

  private static final int PAGE_INFO_LENGTH = 0x70;

  private Bytes value;

  LaunchDigest(Bytes start) {
    this.value = start;
  }

  Bytes value() {
    return value;
  }

  /**
   * Adds one page.
   *
   * @param contents SHA-384 of the page, or zeros where the contents are not measured
   */
  void update(PageType type, long gpa, Bytes contents) {
    ByteBuffer info = ByteBuffer.allocate(PAGE_INFO_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    info.put(value.toArray());
    info.put(contents.toArray());
    info.putShort((short) PAGE_INFO_LENGTH);
    info.put((byte) type.number());
    info.putLong(PAGE_INFO_LENGTH - Long.BYTES, gpa);
    value = Digests.sha384(Bytes.of(info.array()));
  }
}
