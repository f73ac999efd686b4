package dstack.kms.attest.device.sev;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Path;

/**
 * The SEV-SNP guest device; layouts of {@code linux/sev-guest.h}.
 *
 * @param path usually {@code /dev/sev-guest}
 */
record SevGuestDevice(LibC libc, Path path) {
  /** {@code _IOWR('S', 2, 32 bytes)}, {@code SNP_GET_EXT_REPORT}. */
  static final long GET_EXT_REPORT = 0xC020_5302L;

  /** The kernel's bound for certificates, whole pages. */
  static final int CERTIFICATES = 0x4000;

  private static final int ARGUMENT = 32;
  private static final int ERROR_OFFSET = 24;
  private static final int REQUEST = 112;
  private static final int CERTIFICATES_ADDRESS_OFFSET = 96;
  private static final int CERTIFICATES_LENGTH_OFFSET = 104;
  private static final int RESPONSE = 4000;
  private static final int REPORT_LENGTH_OFFSET = 4;
  private static final int REPORT_OFFSET = 32;

  /** The report of VMPL 0 over the report data, with the certificates that the host has for it. */
  SnpReport extendedReport(ReportData reportData) {
    try (Descriptor device = open();
        NativeBuffer certificates = NativeBuffer.zeros(CERTIFICATES);
        NativeBuffer request = NativeBuffer.zeros(REQUEST);
        NativeBuffer response = NativeBuffer.zeros(RESPONSE);
        NativeBuffer argument = NativeBuffer.zeros(ARGUMENT)) {
      request.put(0, reportData.value());
      request.putU64(CERTIFICATES_ADDRESS_OFFSET, certificates.address());
      request.putU32(CERTIFICATES_LENGTH_OFFSET, CERTIFICATES);
      argument.put(0, Bytes.of(new byte[] {1}));
      argument.putU64(8, request.address());
      argument.putU64(16, response.address());
      CallResult answer = device.ioctl(GET_EXT_REPORT, argument);
      if (answer.failed()) {
        throw failure("ioctl: " + answer.error() + firmwareError(argument.u64(ERROR_OFFSET)));
      }
      Bytes table = CertificateTable.in(certificates.bytes(0, CERTIFICATES));
      return SnpReport.about(reportData, report(response), table);
    }
  }

  /** Status, length of the report, 24 reserved bytes, the report. */
  private static Bytes report(NativeBuffer response) {
    if (response.u32(0) != 0) {
      throw failure("firmware status 0x" + Long.toHexString(response.u32(0)));
    }
    long length = response.u32(REPORT_LENGTH_OFFSET);
    if (length != SnpReport.LENGTH) {
      throw failure("sev-snp report has invalid length: expected 1184 bytes, got " + length);
    }
    return response.bytes(REPORT_OFFSET, REPORT_OFFSET + SnpReport.LENGTH);
  }

  private static String firmwareError(long error) {
    return error == 0 ? "" : ", firmware error 0x" + Long.toHexString(error);
  }

  private Descriptor open() {
    return Descriptor.open(
        libc,
        path.toString(),
        LibC.O_RDWR,
        call -> DeviceRefusal.FAILURE.because("open " + path + ": " + call.error()));
  }

  private static RuntimeException failure(String why) {
    return DeviceRefusal.REPORT_FAILURE.because(why);
  }
}
