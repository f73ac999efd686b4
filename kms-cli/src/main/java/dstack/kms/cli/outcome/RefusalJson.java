package dstack.kms.cli.outcome;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A refusal for programs: the chain text that clients would see, and the stable code. */
@JsonPropertyOrder({"error", "code"})
record RefusalJson(String error, String code) {}
