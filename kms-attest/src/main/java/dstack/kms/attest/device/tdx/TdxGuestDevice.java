package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Path;

/**
 * The TDX guest device (specification 13 §4).
 *
 * @param path usually {@code /dev/tdx_guest}
 */
public record TdxGuestDevice(LibC libc, Path path) {
  /** {@code _IOWR('T', 1, 1088 bytes)}: report data in, TDREPORT out. */
  static final long GET_REPORT0 = 0xC440_5401L;

  /** {@code _IOR('T', 3, 49 bytes)} of the kernels that dstack images carry. */
  static final long EXTEND_RTMR = 0x8031_5403L;

  static final int TDREPORT_LENGTH = 1024;

  private static final int TYPE_TDX = 0x81;
  private static final int REPORT_DATA_OFFSET = 128;
  private static final int EXTEND_LENGTH = 49;
  private static final int INDEX_OFFSET = 48;

  /** The TDREPORT over the report data, 1024 bytes, which names them. */
  public Bytes tdReport(ReportData reportData) {
    try (Descriptor device = open();
        NativeBuffer argument = NativeBuffer.zeros(ReportData.LENGTH + TDREPORT_LENGTH)) {
      argument.put(0, reportData.value());
      CallResult answer = device.ioctl(GET_REPORT0, argument);
      if (answer.failed()) {
        throw DeviceRefusal.REPORT_FAILURE.because("ioctl: " + answer.error());
      }
      return checked(argument.bytes(ReportData.LENGTH, argument.size()), reportData);
    }
  }

  private static Bytes checked(Bytes report, ReportData reportData) {
    if (report.at(0) != TYPE_TDX) {
      throw DeviceRefusal.REPORT_FAILURE.because("not a report of a trust domain");
    }
    Bytes named = report.slice(REPORT_DATA_OFFSET, REPORT_DATA_OFFSET + ReportData.LENGTH);
    if (!named.equals(reportData.value())) {
      throw DeviceRefusal.WRONG_REPORT_DATA.because("the report is about other report data");
    }
    return report;
  }

  /** Extends a register by the device's own request; the result is the caller's to judge. */
  CallResult extend(int register, Bytes digest) {
    try (Descriptor device = open();
        NativeBuffer argument = NativeBuffer.zeros(EXTEND_LENGTH)) {
      argument.put(0, digest);
      argument.put(INDEX_OFFSET, Bytes.of(new byte[] {(byte) register}));
      return device.ioctl(EXTEND_RTMR, argument);
    }
  }

  private Descriptor open() {
    return Descriptor.open(
        libc,
        path.toString(),
        LibC.O_RDWR,
        call -> DeviceRefusal.FAILURE.because("open " + path + ": " + call.error()));
  }
}
