package dstack.kms.chain.rpc;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the values of JSON-RPC, each in its one canonical form. */
public final class RpcValue {
  private static final Pattern QUANTITY = Pattern.compile("0x(?:0|[1-9a-fA-F][0-9a-fA-F]{0,63})");
  private static final Pattern SHORT_WORD = Pattern.compile("0x[0-9a-fA-F]{1,64}");

  private RpcValue() {}

  /** An unsigned number: {@code 0x} and hexadecimal digits without leading zeros. */
  public static BigInteger quantity(JsonNode value) {
    String text = text(value);
    if (!QUANTITY.matcher(text).matches()) {
      throw wrong("a number such as 0x1f");
    }
    return new BigInteger(text.substring(2), 16);
  }

  /** The same for a number that fits 63 bits. */
  public static long number(JsonNode value) {
    BigInteger quantity = quantity(value);
    if (quantity.bitLength() > 63) {
      throw wrong("a number below 2^63");
    }
    return quantity.longValue();
  }

  /** Bytes: {@code 0x} and an even number of hexadecimal digits. */
  public static Bytes data(JsonNode value) {
    String text = text(value);
    if (!text.startsWith("0x")) {
      throw wrong("bytes that begin with 0x");
    }
    try {
      return Bytes.fromHex(text.substring(2));
    } catch (IllegalArgumentException e) {
      throw wrong("an even number of hexadecimal digits");
    }
  }

  /** Exactly 32 bytes. */
  public static Word word(JsonNode value) {
    Bytes data = data(value);
    if (data.length() != 32) {
      throw wrong("32 bytes");
    }
    return new Word(data);
  }

  /** A word as some endpoints write it in proofs: leading zeros may be missing. */
  public static Word shortWord(JsonNode value) {
    String text = text(value);
    if (!SHORT_WORD.matcher(text).matches()) {
      throw wrong("a word of 1 to 64 digits");
    }
    return Word.of(new BigInteger(text.substring(2), 16));
  }

  /** A member of an object. */
  public static JsonNode member(JsonNode object, String name) {
    JsonNode member = object.get(name);
    if (member == null) {
      throw wrong("an object with the member " + name);
    }
    return member;
  }

  /** A list whose items are all of one form. */
  public static <T> List<T> list(JsonNode value, Function<JsonNode, T> item) {
    if (!value.isArray()) {
      throw wrong("a list");
    }
    return value.valueStream().map(item).toList();
  }

  private static String text(JsonNode value) {
    if (!value.isString()) {
      throw wrong("a text");
    }
    return value.stringValue();
  }

  /** The refusal of a result that is not what was expected. */
  public static RefusalException wrong(String expected) {
    return new RefusalException(RpcRefusal.RESULT, "expected " + expected);
  }
}
