package dstack.kms.attest.tpm;

import com.google.errorprone.annotations.Immutable;
import java.util.HexFormat;

/**
 * A 32-bit handle: a hierarchy, an NV index, a register, a session or a loaded object. The first
 * byte tells which.
 */
@Immutable
public record TpmHandle(int value) {
  /** The owner's hierarchy. */
  public static final TpmHandle OWNER = new TpmHandle(0x4000_0001);

  /** No entity. */
  public static final TpmHandle NULL = new TpmHandle(0x4000_0007);

  /** The session that is a password. */
  public static final TpmHandle PASSWORD = new TpmHandle(0x4000_0009);

  /** The endorsement hierarchy. */
  public static final TpmHandle ENDORSEMENT = new TpmHandle(0x4000_000B);

  private static final int HMAC_SESSION = 0x02;
  private static final int TRANSIENT = 0x80;

  /** Whether this names a session for HMAC authorizations. */
  public boolean isHmacSession() {
    return value >>> 24 == HMAC_SESSION;
  }

  /** Whether this names an object that goes away with a flush. */
  public boolean isTransient() {
    return value >>> 24 == TRANSIENT;
  }

  @Override
  public String toString() {
    return "0x" + HexFormat.of().toHexDigits(value);
  }
}
