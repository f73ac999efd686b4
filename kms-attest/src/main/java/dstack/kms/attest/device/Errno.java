package dstack.kms.attest.device;

/** Error numbers of Linux on x86-64. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int EROFS = 30;
  public static final int EMSGSIZE = 90;
  public static final int ECONNRESET = 104;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;

  private Errno() {}

  /** The C library's words and the number. */
  static String text(int errno) {
    return words(errno) + " (os error " + errno + ")";
  }

  private static String words(int errno) {
    return switch (errno) {
      case EPERM -> "Operation not permitted";
      case ENOENT -> "No such file or directory";
      case EINTR -> "Interrupted system call";
      case EIO -> "Input/output error";
      case ENXIO -> "No such device or address";
      case EAGAIN -> "Resource temporarily unavailable";
      case EACCES -> "Permission denied";
      case EBUSY -> "Device or resource busy";
      case ENODEV -> "No such device";
      case EINVAL -> "Invalid argument";
      case ENOTTY -> "Inappropriate ioctl for device";
      case EROFS -> "Read-only file system";
      case EMSGSIZE -> "Message too long";
      case ECONNRESET -> "Connection reset by peer";
      case ETIMEDOUT -> "Connection timed out";
      case ECONNREFUSED -> "Connection refused";
      default -> "system call failed";
    };
  }
}
