package dstack.kms.attest.tpm;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * Reads the big-endian fields of a response. Every length is compared with what is left before
 * anything is taken; refusals carry {@link TpmRefusal#MALFORMED_ANSWER}.
 */
public final class TpmReader {
  private final Bytes input;
  private int position;

  public TpmReader(Bytes input) {
    this.input = input;
  }

  /** One byte as a number. */
  public int u8(String what) {
    require(1, what);
    return input.at(position++);
  }

  /** Two bytes as a number. */
  public int u16(String what) {
    return u8(what) << 8 | u8(what);
  }

  /** Four bytes as a signed number: flags, handles and codes. */
  public int u32(String what) {
    return u16(what) << 16 | u16(what);
  }

  /** Four bytes as a number of items or bytes; more than {@code most} is refused. */
  public int count(int most, String what) {
    long count = Integer.toUnsignedLong(u32(what));
    if (count > most) {
      throw malformed(what + " of " + count + ", at most " + most);
    }
    return (int) count;
  }

  /** A handle. */
  public TpmHandle handle(String what) {
    return new TpmHandle(u32(what));
  }

  /** So many bytes. */
  public Bytes take(int length, String what) {
    require(length, what);
    Bytes taken = input.slice(position, position + length);
    position += length;
    return taken;
  }

  /** The content of a TPM2B. */
  public Bytes sized(String what) {
    return take(u16(what), what);
  }

  /** The content of a TPM2B as fields of their own. */
  public TpmReader sizedFields(String what) {
    return new TpmReader(sized(what));
  }

  /** Everything that is left. */
  public Bytes rest() {
    return take(input.length() - position, "rest");
  }

  /** Refuses if anything is left. */
  public void requireEnd(String what) {
    int left = input.length() - position;
    if (left != 0) {
      throw malformed(left + " bytes after " + what);
    }
  }

  private void require(int length, String what) {
    if (length > input.length() - position) {
      throw malformed(what + " ends early");
    }
  }

  private static RefusalException malformed(String text) {
    return TpmRefusal.MALFORMED_ANSWER.because("malformed TPM response: " + text);
  }
}
