package dstack.kms.chain.proof.header;

import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a header out of a block in JSON; everything else in it is passed over. */
final class HeaderJson {
  private static final Pattern HEX = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");
  private static final Pattern QUANTITY = Pattern.compile("0x(?:0|[1-9a-fA-F][0-9a-fA-F]*)");

  private HeaderJson() {}

  /** The fields that are there; they are those of one fork. */
  static Map<HeaderField, RlpItem> fields(JsonNode block) {
    Map<HeaderField, RlpItem> fields = new EnumMap<>(HeaderField.class);
    for (HeaderField field : HeaderField.values()) {
      JsonNode value = block.get(field.json());
      if (value != null && !value.isNull()) {
        fields.put(field, item(field, value));
      }
    }
    requireFork(fields.keySet());
    return fields;
  }

  private static void requireFork(Set<HeaderField> found) {
    boolean known =
        Arrays.stream(HeaderField.Fork.values())
            .anyMatch(fork -> found.equals(Set.copyOf(fork.fields())));
    if (!known) {
      throw new RefusalException(
          HeaderRefusal.FIELD_SET,
          "the block's fields are those of no fork from London to Prague: expected all of "
              + names(HeaderField.Fork.LONDON.fields())
              + " and then whole forks more; missing or out of place near "
              + firstGap(found));
    }
  }

  /** The first field that is missing; with all of London's there, the set has a hole above it. */
  private static String firstGap(Set<HeaderField> found) {
    return Arrays.stream(HeaderField.values())
        .filter(field -> !found.contains(field))
        .findFirst()
        .map(HeaderField::json)
        .orElse("the end");
  }

  private static String names(List<HeaderField> fields) {
    return fields.stream().map(HeaderField::json).collect(Collectors.joining(", "));
  }

  private static RlpItem item(HeaderField field, JsonNode value) {
    String text = value.isString() ? value.stringValue() : "";
    boolean number = field.form() == FieldForm.NUMBER;
    if (text.length() > 2 + 2 * field.form().bytes()
        || !(number ? QUANTITY : HEX).matcher(text).matches()) {
      throw bad(field);
    }
    String digits = text.substring(2).toLowerCase(Locale.ROOT);
    return number ? RlpItem.of(new BigInteger(digits, 16)) : bytes(field, Bytes.fromHex(digits));
  }

  private static RlpItem bytes(HeaderField field, Bytes content) {
    if (field.form() != FieldForm.FREE && content.length() != field.form().bytes()) {
      throw bad(field);
    }
    return RlpItem.of(content);
  }

  private static RefusalException bad(HeaderField field) {
    return new RefusalException(
        HeaderRefusal.FIELD,
        "the block's " + field.json() + " is not what a " + field.form() + " looks like");
  }
}
