package dstack.kms.onboard.setup;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.bytes.Bytes;

/** Public bytes as messages carry them. */
final class Wire {
  private Wire() {}

  /** The same bytes; a message shares them, since neither side can change them. */
  static ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.buffer());
  }
}
