package dstack.kms.attest.tpm;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;

/** Writes the big-endian fields of a command. */
public final class TpmWriter {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** One byte. */
  public TpmWriter u8(int value) {
    output.write(value);
    return this;
  }

  /** Two bytes. */
  public TpmWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** Four bytes. */
  public TpmWriter u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  /** A handle. */
  public TpmWriter handle(TpmHandle handle) {
    return u32(handle.value());
  }

  /** The bytes as they are. */
  public TpmWriter raw(Bytes content) {
    output.writeBytes(content.toArray());
    return this;
  }

  /**
   * A TPM2B: the length in two bytes, then the bytes.
   *
   * @throws IllegalArgumentException if there are more than 65,535
   */
  public TpmWriter sized(Bytes content) {
    if (content.length() > 0xffff) {
      throw new IllegalArgumentException("a TPM2B holds at most 65535 bytes");
    }
    return u16(content.length()).raw(content);
  }

  /** What was written. */
  public Bytes bytes() {
    return Bytes.of(output.toByteArray());
  }
}
