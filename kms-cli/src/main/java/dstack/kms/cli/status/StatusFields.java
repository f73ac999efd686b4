package dstack.kms.cli.status;

import dstack.kms.cli.outcome.OneLine;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Members of one object in an answer; a missing one or one of another type refuses the answer. */
record StatusFields(JsonNode json) {
  private static final int LONGEST_TEXT = 512;

  StatusFields {
    if (!json.isObject()) {
      throw ReadyAnswer.malformed();
    }
  }

  /** A text without anything that would move a terminal's cursor. */
  String text(String name) {
    return optionalText(name).orElseThrow(ReadyAnswer::malformed);
  }

  Optional<String> optionalText(String name) {
    return member(name)
        .map(
            value -> {
              if (!value.isString() || value.stringValue().length() > LONGEST_TEXT) {
                throw ReadyAnswer.malformed();
              }
              return OneLine.of(value.stringValue());
            });
  }

  boolean flag(String name) {
    return member(name)
        .filter(JsonNode::isBoolean)
        .orElseThrow(ReadyAnswer::malformed)
        .booleanValue();
  }

  long number(String name) {
    return optionalNumber(name).orElseThrow(ReadyAnswer::malformed);
  }

  Optional<Long> optionalNumber(String name) {
    return member(name)
        .map(
            value -> {
              if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw ReadyAnswer.malformed();
              }
              return value.longValue();
            });
  }

  Instant instant(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeParseException e) {
      throw ReadyAnswer.malformed();
    }
  }

  Optional<StatusFields> child(String name) {
    return member(name).map(StatusFields::new);
  }

  StatusFields require(String name) {
    return child(name).orElseThrow(ReadyAnswer::malformed);
  }

  Stream<StatusFields> children(String name) {
    return member(name)
        .filter(JsonNode::isArray)
        .orElseThrow(ReadyAnswer::malformed)
        .valueStream()
        .map(StatusFields::new);
  }

  private Optional<JsonNode> member(String name) {
    return json.optional(name).filter(value -> !value.isNull());
  }
}
