package dstack.kms.chain.proposal;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object whose members all have to be asked for. */
final class JsonMembers {
  /** A proposal of 256 calls with a quote in each has less: 8 MiB. */
  private static final int MAX_CHARACTERS = 8 << 20;

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final Pattern DATA = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;
  private final Set<String> asked = new HashSet<>();
  private final Map<String, JsonMembers> below = new HashMap<>();

  private JsonMembers(JsonNode object) {
    this.object = object;
  }

  static JsonMembers document(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw ProposalRefusal.FILE.because("a proposal has at most 8 MiB");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw RefusalException.causedBy(ProposalRefusal.FILE, "a proposal is one JSON object", e);
    }
    if (!root.isObject()) {
      throw ProposalRefusal.FILE.because("a proposal is one JSON object");
    }
    return new JsonMembers(root);
  }

  /** The object that is a member; the same one whenever it is asked for. */
  Optional<JsonMembers> object(String name) {
    JsonNode member = optional(name);
    if (member == null) {
      return Optional.empty();
    }
    if (!member.isObject()) {
      throw ProposalRefusal.FILE.because(name + " must be an object");
    }
    return Optional.of(below.computeIfAbsent(name, ignored -> new JsonMembers(member)));
  }

  String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> ProposalRefusal.FILE.because("the member " + name + " is missing"));
  }

  Optional<String> optionalText(String name) {
    JsonNode member = optional(name);
    if (member == null) {
      return Optional.empty();
    }
    if (!member.isString()) {
      throw ProposalRefusal.FILE.because(name + " must be a text");
    }
    return Optional.of(member.stringValue());
  }

  BigInteger number(String name) {
    JsonNode member = optional(name);
    if (member == null || !member.isIntegralNumber() || member.bigIntegerValue().signum() < 0) {
      throw ProposalRefusal.FILE.because(name + " must be a whole number");
    }
    return word(name, member.bigIntegerValue());
  }

  boolean flag(String name) {
    JsonNode member = optional(name);
    if (member == null || !member.isBoolean()) {
      throw ProposalRefusal.FILE.because(name + " must be true or false");
    }
    return member.booleanValue();
  }

  List<String> texts(String name) {
    JsonNode member = optional(name);
    if (member == null || !member.isArray()) {
      throw ProposalRefusal.FILE.because(name + " must be a list");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : member) {
      if (!item.isString()) {
        throw ProposalRefusal.FILE.because(name + " must be a list of texts");
      }
      texts.add(item.stringValue());
    }
    return texts;
  }

  void requireNothingElse() {
    for (String name : object.propertyNames()) {
      if (!asked.contains(name)) {
        throw ProposalRefusal.FILE.because(
            "an unknown member; expected only " + asked.stream().sorted().toList());
      }
    }
  }

  static BigInteger decimal(String name, String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw ProposalRefusal.FILE.because(name + " must be decimal numbers as texts");
    }
    return word(name, new BigInteger(text));
  }

  private static BigInteger word(String name, BigInteger number) {
    if (number.bitLength() > 256) {
      throw ProposalRefusal.FILE.because(name + " must be a number below 2^256");
    }
    return number;
  }

  static Bytes bytes(String name, String text) {
    if (!DATA.matcher(text).matches()) {
      throw ProposalRefusal.FILE.because(name + " must be 0x and an even number of digits");
    }
    return Bytes.fromHex(text.substring(2));
  }

  private @Nullable JsonNode optional(String name) {
    asked.add(name);
    return object.get(name);
  }
}
