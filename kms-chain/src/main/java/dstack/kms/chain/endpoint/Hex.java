package dstack.kms.chain.endpoint;

import dstack.kms.core.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Bytes in the form of JSON-RPC. */
final class Hex {
  private Hex() {}

  /** Decodes {@code 0x} and an even number of digits; refuses anything else. */
  static Bytes bytes(@Nullable String text) {
    if (text == null || !text.matches("0x(?:[0-9a-fA-F]{2})*")) {
      throw EndpointRefusal.MALFORMED.because("the endpoint answered something else than bytes");
    }
    return Bytes.fromHex(text.substring(2));
  }
}
