package dstack.kms.cli.outcome;

import tools.jackson.databind.json.JsonMapper;

/** Answers for programs: one JSON value on one line. */
public final class JsonText {
  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonText() {}

  /** The value, for example a record, as JSON; members in their order of declaration. */
  public static String of(Object value) {
    return JSON.writeValueAsString(value);
  }
}
