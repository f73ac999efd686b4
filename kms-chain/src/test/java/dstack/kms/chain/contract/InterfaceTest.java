package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.testkit.Vectors;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The interfaces of the artifacts are those of the published contracts, entry by entry. */
final class InterfaceTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(strings = {"DstackKms", "DstackApp"})
  void isExactlyThatOfTheCurrentGeneration(String name) {
    assertThat(entries(abi(name)))
        .containsExactlyInAnyOrderElementsOf(entries(vector(name + ".current")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DstackKms.pinned",
        "DstackKms.legacy",
        "DstackApp.pinned",
        "DstackApp.legacy",
        "TimelockController.v5",
        "ERC1967Proxy.v5"
      })
  void containsThatOfEveryOtherGeneration(String vector) {
    String name = vector.substring(0, vector.indexOf('.'));
    assertThat(entries(abi(name))).containsAll(entries(vector(vector)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DstackKms.current",
        "DstackKms.pinned",
        "DstackKms.legacy",
        "DstackApp.current",
        "DstackApp.pinned",
        "DstackApp.legacy",
        "TimelockController.v5",
        "ERC1967Proxy.v5"
      })
  void hasTheSelectorsTopicsAndErrorsOfEveryGeneration(String vector) {
    String name = vector.substring(0, vector.indexOf('.'));
    for (String kind : Set.of("function", "event", "error")) {
      assertThat(identifiers(abi(name), kind))
          .containsAllEntriesOf(Selectors.of(vector, kind + "s"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void dispatchesEveryFunctionThatItNames(OwnContract contract) {
    JsonNode methods = artifact(contract.contractName()).get("methods");
    Map<String, String> dispatched = new TreeMap<>();
    methods.properties().forEach(e -> dispatched.put(e.getKey(), "0x" + e.getValue().asString()));
    assertThat(dispatched)
        .isEqualTo(identifiers(abi(contract.contractName()), "function"))
        .doesNotContainValue("0x3659cfe6"); // upgradeTo(address), which the cheat sheet uses
  }

  @Test
  void saysTheSameAsTheLoaderGivesToOthers() {
    assertThat(JSON.readTree(ContractArtifact.of(OwnContract.DSTACK_KMS).abi()))
        .isEqualTo(abi("DstackKms"));
  }

  private static JsonNode artifact(String name) {
    return JSON.readTree(InterfaceTest.class.getResourceAsStream(name + ".json"));
  }

  private static JsonNode abi(String name) {
    return artifact(name).get("abi");
  }

  private static JsonNode vector(String name) {
    return Vectors.json("contracts/" + name + ".abi.json");
  }

  private static Set<String> entries(JsonNode abi) {
    return StreamSupport.stream(abi.spliterator(), false)
        .map(InterfaceTest::entry)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Everything that an encoder or a reader of events depends on, names of parameters included. */
  private static String entry(JsonNode entry) {
    return entry.get("type").asString()
        + " "
        + entry.path("name").asString("")
        + parameters(entry.path("inputs"))
        + parameters(entry.path("outputs"))
        + entry.path("stateMutability").asString("")
        + entry.path("anonymous").asBoolean(false);
  }

  private static String parameters(JsonNode parameters) {
    return StreamSupport.stream(parameters.spliterator(), false)
        .map(
            each ->
                each.get("type").asString()
                    + parameters(each.path("components"))
                    + " "
                    + each.get("name").asString()
                    + (each.path("indexed").asBoolean(false) ? " indexed" : ""))
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static Map<String, String> identifiers(JsonNode abi, String type) {
    Map<String, String> identifiers = new TreeMap<>();
    for (JsonNode entry : abi) {
      if (entry.get("type").asString().equals(type)) {
        String signature = entry.get("name").asString() + types(entry.get("inputs"));
        String hash = Keccak.keccak256(Bytes.utf8(signature)).hex();
        identifiers.put(signature, "0x" + (type.equals("event") ? hash : hash.substring(0, 8)));
      }
    }
    return identifiers;
  }

  private static String types(JsonNode parameters) {
    return StreamSupport.stream(parameters.spliterator(), false)
        .map(
            each -> {
              String type = each.get("type").asString();
              return type.startsWith("tuple")
                  ? types(each.get("components")) + type.substring("tuple".length())
                  : type;
            })
        .collect(Collectors.joining(",", "(", ")"));
  }
}
