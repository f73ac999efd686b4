package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Extends run-time measurement registers (specification 13 §6). A key server never does; a program
 * that sets a guest up would.
 *
 * @param registers the folder of the registers' files
 * @param device used if there is no such folder
 */
public record RtmrExtension(LibC libc, Path registers, TdxGuestDevice device) {
  /** Length of a digest in bytes. */
  public static final int DIGEST_LENGTH = 48;

  private static final int LAST_REGISTER = 3;

  /**
   * Extends the register, 0 to 3, with a SHA-384 digest; the hardware takes 2 and 3 from programs.
   *
   * @throws IllegalArgumentException if the digest has another length
   */
  public void extend(int register, Bytes digest) {
    if (digest.length() != DIGEST_LENGTH) {
      throw new IllegalArgumentException("a digest has 48 bytes, not " + digest.length());
    }
    if (register < 0 || register > LAST_REGISTER) {
      throw invalid(register);
    }
    if (Files.isDirectory(registers)) {
      write(register, digest);
    } else if (Files.exists(device.path())) {
      byDevice(register, digest);
    } else {
      throw DeviceRefusal.NOT_SUPPORTED.because("no way to extend a register");
    }
  }

  private void write(int register, Bytes digest) {
    Path file = registers.resolve("rtmr" + register + ":sha384");
    try (Descriptor open =
            Descriptor.open(
                libc, file.toString(), LibC.O_WRONLY, call -> refusal(register, file, call));
        NativeBuffer buffer = NativeBuffer.of(digest)) {
      CallResult written = open.write(buffer);
      if (written.failed()) {
        throw refusal(register, file, written);
      }
      if (written.value() != DIGEST_LENGTH) {
        throw DeviceRefusal.EXTEND_FAILURE.because(
            "write " + file + ": only " + written.value() + " bytes");
      }
    }
  }

  private void byDevice(int register, Bytes digest) {
    CallResult answer = device.extend(register, digest);
    if (answer.failed()) {
      throw answer.errno() == Errno.EINVAL
          ? invalid(register)
          : DeviceRefusal.EXTEND_FAILURE.because("ioctl: " + answer.error());
    }
  }

  private static RefusalException refusal(int register, Path file, CallResult call) {
    return switch (call.errno()) {
      case Errno.EINVAL -> invalid(register);
      case Errno.EPERM, Errno.EACCES ->
          DeviceRefusal.EXTEND_FAILURE.because("permission denied for RTMR " + register);
      default -> DeviceRefusal.EXTEND_FAILURE.because("write " + file + ": " + call.error());
    };
  }

  private static RefusalException invalid(int register) {
    return DeviceRefusal.INVALID_RTMR.because(Integer.toString(register));
  }
}
