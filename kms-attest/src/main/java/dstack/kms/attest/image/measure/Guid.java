package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** GUIDs as firmware stores them: the first three groups little-endian, 16 bytes. */
final class Guid {
  private Guid() {}

  static Bytes bytes(String text) {
    UUID id = UUID.fromString(text);
    long high = id.getMostSignificantBits();
    ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
    out.order(ByteOrder.BIG_ENDIAN).putLong(id.getLeastSignificantBits());
    return Bytes.of(out.array());
  }
}
