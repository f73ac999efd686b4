package dstack.kms.rpc.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document of one version of this program. */
public final class OpenApiDocument {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String JSON_TYPE = "application/json";
  private static final String BINARY_TYPE = "application/octet-stream";
  private static final String EVIDENCE = "evidence";

  private final String version;
  private final Schemas schemas = new Schemas();

  private OpenApiDocument(String version) {
    this.version = version;
  }

  /** The document as JSON text. */
  public static String of(String version) {
    return JSON.writerWithDefaultPrettyPrinter()
            .writeValueAsString(new OpenApiDocument(version).document())
        + "\n";
  }

  private Map<String, Object> document() {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Operation each : Operation.values()) {
      paths.put(
          "/prpc/KMS." + each.name(),
          each.byQuery()
              ? Ordered.of("get", get(each), "post", post(each))
              : Ordered.of("post", post(each)));
    }
    paths.put("/health", Ordered.of("get", plain("Whether the listener answers.", "OK")));
    paths.put("/metrics", Ordered.of("get", plain("Two counters in Prometheus text.", "Metrics.")));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", info());
    document.put("servers", servers());
    document.put("paths", paths);
    document.put("components", components());
    return document;
  }

  private Map<String, Object> info() {
    return Ordered.of(
        "title",
        "dstack KMS",
        "version",
        version,
        "description",
        "The main listener of a dstack key management server. Verify the server first: its"
            + " certificate carries evidence. A method is also served without the prefix `KMS.`."
            + " A body is JSON with Content-Type application/json or the query `?json`, otherwise a"
            + " protobuf message; the answer has the same encoding. Bytes are hexadecimal digits.",
        "license",
        Ordered.of("name", "Apache-2.0", "identifier", "Apache-2.0"));
  }

  private static List<Object> servers() {
    return List.of(
        Ordered.of(
            "url",
            "https://{host}:{port}",
            "variables",
            Ordered.of(
                "host",
                Ordered.of("default", "localhost"),
                "port",
                Ordered.of("default", "12001"))));
  }

  private Map<String, Object> components() {
    Map<String, Object> all = new LinkedHashMap<>(schemas.components());
    all.put(
        "Error",
        Ordered.of(
            "type",
            "object",
            "properties",
            Ordered.of(
                "error",
                Ordered.of("type", "string", "description", "Why, outermost context first.")),
            "required",
            List.of("error"),
            "additionalProperties",
            false));
    return Ordered.of(
        "schemas",
        all,
        "securitySchemes",
        Ordered.of(
            EVIDENCE,
            Ordered.of(
                "type",
                "mutualTLS",
                "description",
                "A client certificate of any issuer whose extension carries evidence that is bound"
                    + " to its key.")));
  }

  private Map<String, Object> post(Operation operation) {
    Map<String, Object> post = common(operation, "");
    Map<String, Object> content = new LinkedHashMap<>();
    content.put(JSON_TYPE, Ordered.of("schema", schemas.request(operation.request())));
    content.put(BINARY_TYPE, binary(operation.request()));
    post.put("requestBody", Ordered.of("required", false, "content", content));
    post.put("responses", responses(operation, true));
    return post;
  }

  private Map<String, Object> get(Operation operation) {
    Map<String, Object> get = common(operation, "ByQuery");
    get.put(
        "parameters",
        operation.request().getFields().stream()
            .map(
                field ->
                    Ordered.of(
                        "name", field.getName(),
                        "in", "query",
                        "description", FieldTexts.of(field),
                        "schema", schemas.inQuery(field)))
            .toList());
    get.put("responses", responses(operation, false));
    return get;
  }

  private static Map<String, Object> common(Operation operation, String suffix) {
    Map<String, Object> common = new LinkedHashMap<>();
    common.put("operationId", operation.name() + suffix);
    common.put("summary", operation.summary());
    common.put("tags", List.of("KMS"));
    if (operation.evidence()) {
      common.put("security", List.of(Ordered.of(EVIDENCE, List.of())));
    }
    return common;
  }

  private Map<String, Object> responses(Operation operation, boolean both) {
    Map<String, Object> done = new LinkedHashMap<>();
    done.put(JSON_TYPE, Ordered.of("schema", schemas.response(operation.response())));
    if (both) {
      done.put(BINARY_TYPE, binary(operation.response()));
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", Ordered.of("description", "Done.", "content", done));
    responses.put("400", failed("Refused, with the reason."));
    responses.put("408", Ordered.of("description", "The body did not come in time."));
    responses.put("429", later("Asked too often."));
    responses.put("500", failed("A mistake of this server."));
    responses.put("503", later("Overloaded, or the deadline was missed."));
    return responses;
  }

  private static Map<String, Object> later(String description) {
    Map<String, Object> later = new LinkedHashMap<>(failed(description));
    later.put(
        "headers",
        Ordered.of(
            "Retry-After",
            Ordered.of(
                "description",
                "Seconds to wait.",
                "schema",
                Ordered.of("type", "integer", "minimum", 1))));
    return later;
  }

  private static Map<String, Object> failed(String description) {
    return Ordered.of(
        "description",
        description,
        "content",
        Ordered.of(
            JSON_TYPE, Ordered.of("schema", Ordered.of("$ref", "#/components/schemas/Error"))));
  }

  private static Map<String, Object> plain(String summary, String description) {
    return Ordered.of(
        "summary",
        summary,
        "responses",
        Ordered.of(
            "200",
            Ordered.of(
                "description",
                description,
                "content",
                Ordered.of("text/plain", Ordered.of("schema", Ordered.of("type", "string"))))));
  }

  private static Map<String, Object> binary(Descriptor type) {
    return Ordered.of(
        "schema", Ordered.of("description", "The protobuf message " + type.getFullName() + "."));
  }
}
