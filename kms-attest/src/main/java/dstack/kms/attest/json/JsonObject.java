package dstack.kms.attest.json;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One JSON object whose members are read by name and type.
 *
 * <p>Whatever does not fit is refused with the code that the reader of the whole text was given. A
 * member that is {@code null} counts as absent only where a method says so.
 */
public final class JsonObject {
  private static final BigInteger U64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private final JsonNode node;
  private final RefusalCode code;

  JsonObject(JsonNode node, RefusalCode code) {
    this.node = node;
    this.code = code;
    if (!node.isObject()) {
      throw new RefusalException(code, "invalid type: expected an object");
    }
  }

  /** Whether there is a member of that name, {@code null} included. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** Refuses a member of any other name. */
  public void requireOnly(Set<String> names) {
    for (String name : node.propertyNames()) {
      if (!names.contains(name)) {
        throw new RefusalException(code, "unknown field");
      }
    }
  }

  /** A required string of well-formed Unicode. */
  public String text(String name) {
    return textOf(name, required(name));
  }

  /** A string, or the fallback if the member is absent. */
  public String textOr(String name, String fallback) {
    return has(name) ? text(name) : fallback;
  }

  /** A string; absent or {@code null} is empty. */
  public Optional<String> optionalText(String name) {
    return isAbsentOrNull(name) ? Optional.empty() : Optional.of(text(name));
  }

  /** The member of that name if it is a string at all. */
  public Optional<String> textIfString(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? Optional.of(textOf(name, value)) : Optional.empty();
  }

  /** Required bytes as hexadecimal digits of either case, without a prefix. */
  public Bytes hex(String name) {
    return hexOf(name, text(name));
  }

  /** Bytes in hexadecimal, or none if the member is absent. */
  public Bytes hexOrEmpty(String name) {
    return has(name) ? hex(name) : Bytes.EMPTY;
  }

  /** Required bytes in hexadecimal with or without the prefix {@code 0x}. */
  public Bytes prefixedHex(String name) {
    String digits = text(name);
    return hexOf(name, digits.startsWith("0x") ? digits.substring(2) : digits);
  }

  /** Required bytes in standard padded base64. */
  public Bytes base64(String name) {
    try {
      return Bytes.of(Base64.getDecoder().decode(text(name)));
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(code, "invalid base64 in field `" + name + "`", e);
    }
  }

  /** A required integer from 0 to 2^32 − 1. */
  public long u32(String name) {
    BigInteger value = integer(name);
    if (value.signum() < 0 || value.bitLength() > 32) {
      throw new RefusalException(code, "integer out of range in field `" + name + "`");
    }
    return value.longValueExact();
  }

  /** An integer from 0 to 2^32 − 1, or the fallback if the member is absent. */
  public long u32Or(String name, long fallback) {
    return has(name) ? u32(name) : fallback;
  }

  /** An integer from 0 to 2^64 − 1, or 0 if the member is absent. */
  public BigInteger u64OrZero(String name) {
    return has(name) ? u64(name) : BigInteger.ZERO;
  }

  /** A required integer from 0 to 2^64 − 1. */
  public BigInteger u64(String name) {
    BigInteger value = integer(name);
    if (value.signum() < 0 || value.compareTo(U64_MAX) > 0) {
      throw new RefusalException(code, "integer out of range in field `" + name + "`");
    }
    return value;
  }

  /** An array of at most so many hexadecimal strings; absent or {@code null} is none. */
  public List<Bytes> optionalHexList(String name, int maxCount) {
    if (isAbsentOrNull(name)) {
      return List.of();
    }
    JsonNode array = required(name);
    if (!array.isArray() || array.size() > maxCount) {
      throw wrongType(name, "an array of at most " + maxCount + " items");
    }
    List<Bytes> items = new ArrayList<>();
    for (JsonNode item : array) {
      items.add(hexOf(name, textOf(name, item)));
    }
    return List.copyOf(items);
  }

  /** A boolean, or false if the member is absent. */
  public boolean boolOrFalse(String name) {
    return has(name) && booleanOf(name, required(name));
  }

  /** A boolean; absent or {@code null} is empty. */
  public Optional<Boolean> optionalBool(String name) {
    return isAbsentOrNull(name) ? Optional.empty() : Optional.of(booleanOf(name, required(name)));
  }

  /** An object; absent or {@code null} is empty. */
  public Optional<JsonObject> optionalObject(String name) {
    if (isAbsentOrNull(name)) {
      return Optional.empty();
    }
    JsonNode value = required(name);
    if (!value.isObject()) {
      throw wrongType(name, "an object");
    }
    return Optional.of(new JsonObject(value, code));
  }

  private boolean isAbsentOrNull(String name) {
    return !has(name) || required(name).isNull();
  }

  private JsonNode required(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new RefusalException(code, "missing field `" + name + "`");
    }
    return value;
  }

  private BigInteger integer(String name) {
    JsonNode value = required(name);
    if (!value.isIntegralNumber()) {
      throw wrongType(name, "an integer");
    }
    return value.bigIntegerValue();
  }

  private boolean booleanOf(String name, JsonNode value) {
    if (!value.isBoolean()) {
      throw wrongType(name, "a boolean");
    }
    return value.booleanValue();
  }

  /** An escaped half of a surrogate pair has no UTF-8 form and would hash as something else. */
  private String textOf(String name, JsonNode value) {
    if (!value.isString()) {
      throw wrongType(name, "a string");
    }
    String text = value.stringValue();
    if (!StrictJson.isWellFormed(text)) {
      throw new RefusalException(code, "lone surrogate in field `" + name + "`");
    }
    return text;
  }

  private Bytes hexOf(String name, String digits) {
    try {
      return Bytes.fromHex(digits);
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(code, "invalid hex in field `" + name + "`", e);
    }
  }

  private RefusalException wrongType(String name, String expected) {
    return new RefusalException(code, "invalid type in field `" + name + "`: expected " + expected);
  }
}
