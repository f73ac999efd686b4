package dstack.kms.attest.dcap;

import dstack.kms.core.bytes.Bytes;
import java.util.HexFormat;
import java.util.Optional;

/** Hexadecimal digits of either case, as collateral has them. */
final class Hex {
  private static final HexFormat UPPER = HexFormat.of().withUpperCase();

  private Hex() {}

  static Optional<Bytes> decode(String digits) {
    try {
      return Optional.of(Bytes.fromHex(digits));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Upper-case digits, as in the texts of refusals. */
  static String upper(Bytes bytes) {
    return UPPER.formatHex(bytes.toArray());
  }

  /** One byte as two upper-case digits. */
  static String upper(int value) {
    return UPPER.toHexDigits((byte) value);
  }
}
