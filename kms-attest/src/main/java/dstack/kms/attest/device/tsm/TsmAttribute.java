package dstack.kms.attest.device.tsm;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;

/** One attribute file of an entry. */
record TsmAttribute(LibC libc, Path path) {
  private static final int TEXT_LIMIT = 256;

  /** The outcome of one read: bytes, or the call that failed. */
  record Content(Bytes bytes, CallResult call) {
    boolean failed() {
      return call.failed();
    }
  }

  /** One open and one read(2) of at most so many bytes. */
  Content readOnce(int limit) {
    CallResult opened = libc.open(path.toString(), LibC.O_RDONLY);
    if (opened.failed()) {
      return new Content(Bytes.EMPTY, opened);
    }
    try (Descriptor file = Descriptor.opened(libc, opened);
        NativeBuffer buffer = NativeBuffer.zeros(limit)) {
      CallResult read = file.read(buffer);
      int length = read.failed() ? 0 : Math.toIntExact(read.value());
      return new Content(buffer.bytes(0, length), read);
    }
  }

  /** One open and one write(2) of everything. */
  CallResult writeOnce(Bytes content) {
    CallResult opened = libc.open(path.toString(), LibC.O_WRONLY);
    if (opened.failed()) {
      return opened;
    }
    try (Descriptor file = Descriptor.opened(libc, opened);
        NativeBuffer buffer = NativeBuffer.of(content)) {
      return file.write(buffer);
    }
  }

  /** The content as text without white space around; unreadable is refused. */
  String text() {
    Content content = readOnce(TEXT_LIMIT);
    if (content.failed()) {
      throw DeviceRefusal.UNEXPECTED.because("read " + path + ": " + content.call().error());
    }
    return content.bytes().utf8Text().strip();
  }

  /** The content as a decimal number. */
  long number() {
    String text = text();
    if (!text.matches("[0-9]{1,18}")) {
      throw DeviceRefusal.UNEXPECTED.because("read " + path + ": not a number");
    }
    return Long.parseLong(text);
  }
}
