package dstack.kms.rpc.prpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields of a URL-encoded query, in order, decoded. */
record QueryString(List<Field> fields) {
  /**
   * One {@code name=value}; a name alone has an empty value. A part that cannot be decoded stays as
   * it was sent.
   */
  record Field(String name, String value) {}

  QueryString {
    fields = List.copyOf(fields);
  }

  /** Splits at {@code &} and at the first {@code =} of each part; {@code +} is a space. */
  static QueryString parse(String raw) {
    List<Field> fields = new ArrayList<>();
    for (String part : raw.split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        fields.add(new Field(decoded(name), decoded(value)));
      }
    }
    return new QueryString(fields);
  }

  /** The value of the first field of that name. */
  Optional<String> first(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).findFirst();
  }

  private static String decoded(String part) {
    String spaced = part.replace('+', ' ');
    return PercentCoding.decode(spaced).orElse(spaced);
  }
}
