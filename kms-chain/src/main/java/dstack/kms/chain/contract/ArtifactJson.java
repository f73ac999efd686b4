package dstack.kms.chain.contract;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a compiler's output. Foundry has objects ({@code bytecode.object}), Hardhat and ours texts
 * ({@code bytecode}); what else there is (syntax trees, source maps) is skipped.
 */
final class ArtifactJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern CODE = Pattern.compile("0x[0-9a-fA-F]*+");

  private ArtifactJson() {}

  static ContractArtifact parse(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new RefusalException(
          ContractRefusal.UNREADABLE, "not JSON: " + e.getOriginalMessage(), e.toString());
    }
    JsonNode creation = member(root, "bytecode");
    JsonNode runtime = member(root, "deployedBytecode");
    if (creation.isObject()) {
      // Foundry leaves the member out of a contract that has none
      JsonNode references = runtime.path("immutableReferences");
      JsonNode none = MAPPER.createObjectNode();
      return artifact(
          root,
          member(creation, "object"),
          member(runtime, "object"),
          references.isMissingNode() ? none : references);
    }
    return artifact(root, creation, runtime, root.path("immutableReferences"));
  }

  private static ContractArtifact artifact(
      JsonNode root, JsonNode creation, JsonNode runtime, JsonNode references) {
    JsonNode abi = member(root, "abi");
    if (!abi.isArray()) {
      throw shape("abi must be an array");
    }
    return new ContractArtifact(
        root.path("contractName").asString(""),
        abi.toString(),
        code("bytecode", creation),
        runtimeCode(runtime, references));
  }

  private static Optional<RuntimeCode> runtimeCode(JsonNode runtime, JsonNode references) {
    Bytes code = code("deployedBytecode", runtime);
    if (references.isMissingNode() || code.isEmpty()) {
      return Optional.empty();
    }
    if (!references.isObject()) {
      throw shape("immutableReferences must be an object");
    }
    return Optional.of(new RuntimeCode(code, places(references)));
  }

  private static List<RuntimeCode.Place> places(JsonNode references) {
    List<RuntimeCode.Place> places = new ArrayList<>();
    for (JsonNode variable : references.values()) {
      if (!variable.isArray()) {
        throw shape("immutableReferences must hold arrays");
      }
      for (JsonNode place : variable.values()) {
        places.add(new RuntimeCode.Place(number(place, "start"), number(place, "length")));
      }
    }
    return places;
  }

  private static int number(JsonNode place, String name) {
    JsonNode value = place.path(name);
    if (!value.isInt() || value.asInt() < 0) {
      throw shape("immutableReferences: " + name + " must be a number of bytes");
    }
    return value.asInt();
  }

  private static Bytes code(String name, JsonNode value) {
    if (!value.isString()) {
      throw shape(name + " must be a text of hexadecimal digits");
    }
    String text = value.asString();
    if (text.contains("__")) {
      throw new RefusalException(
          ContractRefusal.UNLINKED, name + " needs a library's address: link it before");
    }
    if (text.length() % 2 != 0 || !CODE.matcher(text).matches()) {
      throw shape(name + " must be 0x and an even number of hexadecimal digits");
    }
    return Bytes.fromHex(text.substring(2));
  }

  private static JsonNode member(JsonNode parent, String name) {
    JsonNode value = parent.get(name);
    if (value == null) {
      throw shape("no member " + name + ": expected an artifact of Foundry or Hardhat");
    }
    return value;
  }

  private static RefusalException shape(String text) {
    return new RefusalException(ContractRefusal.SHAPE, text);
  }
}
