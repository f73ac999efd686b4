package dstack.kms.chain.signing;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import tools.jackson.databind.JsonNode;

/** Reads the members of a key file. */
final class KeyFileFields {
  private KeyFileFields() {}

  /** So many bytes in hexadecimal digits after an optional {@code 0x}. */
  static Bytes bytes(JsonNode object, String name, int length) {
    Bytes found = bytes(object, name);
    if (found.length() != length) {
      throw refused(name + " must have " + length + " bytes");
    }
    return found;
  }

  /** Bytes in hexadecimal digits after an optional {@code 0x}. */
  static Bytes bytes(JsonNode object, String name) {
    String text = object.path(name).asString("-");
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    try {
      return Bytes.fromHex(digits);
    } catch (IllegalArgumentException e) {
      throw refused(name + " must be hexadecimal digits");
    }
  }

  static int number(JsonNode object, String name, int most) {
    JsonNode value = object.path(name);
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > most) {
      throw refused(name + " must be a number from 1 to " + most);
    }
    return value.asInt();
  }

  static void require(JsonNode object, String name, String expected) {
    if (!object.path(name).asString("").equals(expected)) {
      throw refused(name + " must be " + expected);
    }
  }

  static RefusalException refused(String why) {
    return SigningRefusal.KEY_FILE.because("not a key file of version 3: " + why);
  }
}
