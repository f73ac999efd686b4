package dstack.kms.cli.outcome;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import tools.jackson.databind.json.JsonMapper;

/** A refusal for programs: the chain text that clients would see, and the stable code. */
@JsonPropertyOrder({"error", "code"})
record RefusalJson(String error, String code) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The object on one line. */
  String line() {
    return JSON.writeValueAsString(this);
  }
}
