package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two encodings of requests and answers (specification 01 §3–5). */
enum WireFormat {
  JSON,
  PROTO;

  private static final String REPORT_DATA = "report_data";
  private static final int REPORT_DATA_TAG = 1 << 3 | 2;
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** JSON by method GET, by the query field {@code json}, or by the content type. */
  static WireFormat of(HttpRequest request, boolean get) {
    Optional<String> asked = queryField(request.query(), "json");
    boolean json =
        get
            || asked.filter(List.of("", "true", "1")::contains).isPresent()
            || request.contentType().equals("application/json");
    return json ? JSON : PROTO;
  }

  HttpAnswer answer(int status, AnswerFields fields) {
    return switch (this) {
      case JSON -> new HttpAnswer(status, "application/json", fields.json());
      case PROTO -> new HttpAnswer(status, "application/octet-stream", fields.proto());
    };
  }

  HttpAnswer error(String text) {
    return switch (this) {
      case JSON -> {
        String quoted = STRICT.writeValueAsString(text);
        Bytes body = Bytes.utf8("{\n  \"error\": " + quoted + "\n}");
        yield new HttpAnswer(400, "application/json", body);
      }
      case PROTO -> answer(400, new AnswerFields().text(1, "message", text));
    };
  }

  /** The report data that a query asks for; none if it names none. */
  Bytes fromQuery(String query) {
    return queryField(query, REPORT_DATA).map(WireFormat::hex).orElse(Bytes.EMPTY);
  }

  /** The report data that a body asks for; none if it names none. */
  Bytes fromBody(Bytes body) {
    if (body.isEmpty()) {
      return Bytes.EMPTY;
    }
    return switch (this) {
      case JSON -> fromJson(body);
      case PROTO -> fromProto(body);
    };
  }

  private static Bytes fromJson(Bytes body) {
    JsonNode object;
    try {
      object = STRICT.readTree(body.toArray());
    } catch (JacksonException e) {
      throw new BadRequest("malformed JSON: " + e.getOriginalMessage());
    }
    JsonNode value = object.path(REPORT_DATA);
    if (!object.isObject() || (!value.isMissingNode() && !value.isString())) {
      throw new BadRequest("report_data is to be a string of hex digits");
    }
    return value.isMissingNode() ? Bytes.EMPTY : hex(value.stringValue());
  }

  /** The one field that requests have, with a length of one byte or of two. */
  private static Bytes fromProto(Bytes body) {
    if (body.length() >= 2 && body.at(0) == REPORT_DATA_TAG) {
      boolean longer = body.at(1) > 0x7f && body.length() > 2;
      int start = longer ? 3 : 2;
      int length = longer ? (body.at(1) & 0x7f) + (body.at(2) << 7) : body.at(1);
      if (start + length == body.length()) {
        return body.slice(start, body.length());
      }
    }
    throw new BadRequest("failed to decode Protobuf message");
  }

  private static Bytes hex(String text) {
    String digits = text;
    while (digits.startsWith("0x")) {
      digits = digits.substring(2);
    }
    try {
      return Bytes.fromHex(digits);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("report_data is no string of hex digits");
    }
  }

  private static Optional<String> queryField(String query, String name) {
    for (String field : query.split("&", -1)) {
      int equals = field.indexOf('=');
      if (name.equals(equals < 0 ? field : field.substring(0, equals))) {
        return Optional.of(equals < 0 ? "" : decoded(field.substring(equals + 1)));
      }
    }
    return Optional.empty();
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("malformed query");
    }
  }
}
