package dstack.kms.attest.device.nsm;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Path;

/**
 * The Nitro security module of an enclave (specification 15 §6). Needs CAP_SYS_ADMIN.
 *
 * @param path usually {@code /dev/nsm}
 */
public record NsmDevice(LibC libc, Path path) {
  /** {@code _IOWR(0x0A, 0, 32 bytes)}. */
  static final long REQUEST = 0xC020_0A00L;

  private static final int REQUEST_LIMIT = 0x1000;
  private static final int RESPONSE_LIMIT = 0x3000;
  private static final int ARGUMENT_LENGTH = 32;
  private static final int RESPONSE_LENGTH_OFFSET = 24;

  /** A signed document over the report data; unchecked. */
  public Bytes attestation(ReportData reportData) {
    return NsmMessages.document(exchange(NsmMessages.attestationRequest(reportData)));
  }

  /** Random bytes of the module, as many as it likes to give. */
  public Bytes random() {
    return NsmMessages.random(exchange(NsmMessages.randomRequest()));
  }

  /** What the module is. */
  public NsmDescription describe() {
    return NsmMessages.description(exchange(NsmMessages.describeRequest()));
  }

  /** One request and its response. The argument holds address and length of each. */
  Bytes exchange(Bytes request) {
    if (request.length() > REQUEST_LIMIT) {
      throw tooLarge();
    }
    try (Descriptor device = open();
        NativeBuffer input = NativeBuffer.of(request);
        NativeBuffer output = NativeBuffer.zeros(RESPONSE_LIMIT);
        NativeBuffer argument = NativeBuffer.zeros(ARGUMENT_LENGTH)) {
      argument.putU64(0, input.address());
      argument.putU64(8, input.size());
      argument.putU64(16, output.address());
      argument.putU64(RESPONSE_LENGTH_OFFSET, output.size());
      CallResult answer = device.ioctl(REQUEST, argument);
      if (answer.failed()) {
        throw answer.errno() == Errno.EMSGSIZE
            ? tooLarge()
            : DeviceRefusal.NSM_FAILURE.because("ioctl: " + answer.error());
      }
      long length = argument.u64(RESPONSE_LENGTH_OFFSET);
      if (length < 1 || length > RESPONSE_LIMIT) {
        throw DeviceRefusal.NSM_FAILURE.because(
            "the answer has " + Long.toUnsignedString(length) + " bytes");
      }
      return output.bytes(0, (int) length);
    }
  }

  private Descriptor open() {
    return Descriptor.open(
        libc,
        path.toString(),
        LibC.O_RDWR,
        call -> DeviceRefusal.FAILURE.because("open " + path + ": " + call.error()));
  }

  private static RefusalException tooLarge() {
    return DeviceRefusal.NSM_FAILURE.because("request too large");
  }
}
