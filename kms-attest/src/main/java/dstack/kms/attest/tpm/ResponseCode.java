package dstack.kms.attest.tpm;

import dstack.kms.core.refusal.RefusalException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The 32-bit TPM_RC of a response and its name in the TPM 2.0 library specification, part 2.
 *
 * <p>Codes of format one say in the same word which handle, session or parameter they are about;
 * {@link #base()} leaves that out.
 */
public record ResponseCode(int value) {
  private static final int FORMAT_ONE = 0x80;
  private static final int FORMAT_ONE_BASE = 0xbf;
  private static final int PARAMETER = 0x40;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x000, "TPM_RC_SUCCESS"),
          Map.entry(0x01e, "TPM_RC_BAD_TAG"),
          Map.entry(0x100, "TPM_RC_INITIALIZE"),
          Map.entry(0x101, "TPM_RC_FAILURE"),
          Map.entry(0x12f, "TPM_RC_AUTH_UNAVAILABLE"),
          Map.entry(0x142, "TPM_RC_COMMAND_SIZE"),
          Map.entry(0x143, "TPM_RC_COMMAND_CODE"),
          Map.entry(0x144, "TPM_RC_AUTHSIZE"),
          Map.entry(0x146, "TPM_RC_NV_RANGE"),
          Map.entry(0x147, "TPM_RC_NV_SIZE"),
          Map.entry(0x148, "TPM_RC_NV_LOCKED"),
          Map.entry(0x149, "TPM_RC_NV_AUTHORIZATION"),
          Map.entry(0x14a, "TPM_RC_NV_UNINITIALIZED"),
          Map.entry(0x14b, "TPM_RC_NV_SPACE"),
          Map.entry(0x14c, "TPM_RC_NV_DEFINED"),
          Map.entry(0x081, "TPM_RC_ASYMMETRIC"),
          Map.entry(0x082, "TPM_RC_ATTRIBUTES"),
          Map.entry(0x083, "TPM_RC_HASH"),
          Map.entry(0x084, "TPM_RC_VALUE"),
          Map.entry(0x085, "TPM_RC_HIERARCHY"),
          Map.entry(0x08a, "TPM_RC_TYPE"),
          Map.entry(0x08b, "TPM_RC_HANDLE"),
          Map.entry(0x08e, "TPM_RC_AUTH_FAIL"),
          Map.entry(0x092, "TPM_RC_SCHEME"),
          Map.entry(0x095, "TPM_RC_SIZE"),
          Map.entry(0x096, "TPM_RC_SYMMETRIC"),
          Map.entry(0x09a, "TPM_RC_INSUFFICIENT"),
          Map.entry(0x09c, "TPM_RC_KEY"),
          Map.entry(0x09d, "TPM_RC_POLICY_FAIL"),
          Map.entry(0x0a2, "TPM_RC_BAD_AUTH"),
          Map.entry(0x902, "TPM_RC_OBJECT_MEMORY"),
          Map.entry(0x903, "TPM_RC_SESSION_MEMORY"),
          Map.entry(0x904, "TPM_RC_MEMORY"),
          Map.entry(0x905, "TPM_RC_SESSION_HANDLES"),
          Map.entry(0x908, "TPM_RC_YIELDED"),
          Map.entry(0x90a, "TPM_RC_TESTING"),
          Map.entry(0x920, "TPM_RC_NV_RATE"),
          Map.entry(0x921, "TPM_RC_LOCKOUT"),
          Map.entry(0x922, "TPM_RC_RETRY"),
          Map.entry(0x923, "TPM_RC_NV_UNAVAILABLE"));

  /** Whether the command was carried out. */
  public boolean isSuccess() {
    return value == 0;
  }

  /** Whether the TPM wants the same command again. */
  public boolean asksForRetry() {
    return value == 0x922 || value == 0x90a || value == 0x908;
  }

  /** The code without the number of the handle, session or parameter. */
  public int base() {
    return isFormatOne() ? value & FORMAT_ONE_BASE : value;
  }

  /** The code's name, or {@code unknown}. */
  public String name() {
    return NAMES.getOrDefault(base(), "unknown");
  }

  /** The refusal with which a command ends that was answered so. */
  public RefusalException refusal(String command) {
    return new RefusalException(kindOfRefusal(), command + " failed: " + this);
  }

  private TpmRefusal kindOfRefusal() {
    return switch (base()) {
      case 0x08b -> TpmRefusal.NO_SUCH_HANDLE;
      case 0x08e, 0x0a2, 0x09d, 0x12f, 0x149 -> TpmRefusal.AUTHORIZATION;
      case 0x908, 0x90a, 0x922 -> TpmRefusal.BUSY;
      default -> TpmRefusal.COMMAND_FAILED;
    };
  }

  private boolean isFormatOne() {
    return (value & FORMAT_ONE) != 0 && value >>> 12 == 0;
  }

  /** For example {@code TPM_RC_HANDLE (0x18b, handle 1)}. */
  @Override
  public String toString() {
    String about = "";
    if (isFormatOne()) {
      int number = value >>> 8 & 0xf;
      String subject = (value & PARAMETER) != 0 ? "parameter" : number >= 8 ? "session" : "handle";
      about = ", " + subject + " " + ("session".equals(subject) ? number - 8 : number);
    }
    return name()
        + " (0x"
        + HexFormat.of().toHexDigits(value).replaceFirst("^0{1,5}", "")
        + about
        + ")";
  }
}
