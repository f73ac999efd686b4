package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of other compilers are read strictly, and what cannot be deployed is refused. */
final class ContractArtifactTest {
  private static final String WORD = "00".repeat(32);
  private static final String FOUNDRY =
      """
      {"abi": [], "bytecode": {"object": "0x6001", "sourceMap": "1:2", "linkReferences": {}},
       "deployedBytecode": {"object": "0x73%s50", "linkReferences": {},
         "immutableReferences": {"42": [{"start": 1, "length": 32}]}},
       "methodIdentifiers": {}, "id": 7}
      """
          .formatted(WORD);
  private static final String HARDHAT =
      """
      {"_format": "hh-sol-artifact-1", "contractName": "Some", "sourceName": "contracts/Some.sol",
       "abi": [{"type": "receive", "stateMutability": "payable"}],
       "bytecode": "0x6001", "deployedBytecode": "0x60",
       "linkReferences": {}, "deployedLinkReferences": {}}
      """;

  @Test
  void readsWhatFoundryWrites() {
    ContractArtifact artifact = ContractArtifact.parse(FOUNDRY);
    assertThat(artifact.name()).isEmpty();
    assertThat(artifact.creationCode().hex()).isEqualTo("6001");
    assertThat(artifact.runtimeCode().orElseThrow().immutables())
        .containsExactly(new RuntimeCode.Place(1, 32));
  }

  @Test
  void readsAContractOfFoundryWithoutImmutables() {
    String json = FOUNDRY.replaceAll(",\\s*\"immutableReferences\": \\{.*]}", "");
    assertThat(json).doesNotContain("immutable").isNotEqualTo(FOUNDRY);
    assertThat(ContractArtifact.parse(json).runtimeCode().orElseThrow().immutables()).isEmpty();
  }

  @Test
  void readsTheImmutablesThatANewerHardhatWrites() {
    String json =
        HARDHAT
            .replace("\"0x60\"", "\"0x73" + WORD + "50\"")
            .replace(
                "\"linkReferences\": {}",
                "\"immutableReferences\": {\"7\": [{\"start\": 1, \"length\": 32}]}");
    assertThat(ContractArtifact.parse(json).runtimeCode().orElseThrow().immutables())
        .containsExactly(new RuntimeCode.Place(1, 32));
  }

  @Test
  void readsWhatHardhatWritesButRecognizesNothingByIt() {
    ContractArtifact artifact = ContractArtifact.parse(HARDHAT);
    assertThat(artifact.name()).isEqualTo("Some");
    assertThat(artifact.creationCode().hex()).isEqualTo("6001");
    assertThat(artifact.abi()).contains("receive");
    assertThat(artifact.runtimeCode()).isEmpty();
    assertThatThrownBy(() -> KnownCode.none().plus(OwnContract.DSTACK_APP, artifact))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void isInThisProgramForEachContract(OwnContract contract) {
    ContractArtifact artifact = ContractArtifact.of(contract);
    assertThat(artifact.name()).isEqualTo(contract.contractName());
    assertThat(artifact.runtimeCode()).isPresent();
    assertThat(artifact.creationCode().length())
        .isGreaterThan(artifact.runtimeCode().orElseThrow().template().length());
  }

  @Test
  void appendsTheArgumentsOfTheConstructor() {
    Bytes argument = Bytes.fromHex(WORD);
    assertThat(ContractArtifact.parse(HARDHAT).deployment(argument).hex()).isEqualTo("6001" + WORD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "7",
        "{}",
        "{",
        "{\"abi\":[],\"bytecode\":\"0x60\"}",
        "{\"abi\":[],\"deployedBytecode\":\"0x60\"}",
        "{\"bytecode\":\"0x60\",\"deployedBytecode\":\"0x60\"}",
        "{\"abi\":{},\"bytecode\":\"0x60\",\"deployedBytecode\":\"0x60\"}",
        "{\"abi\":[],\"bytecode\":7,\"deployedBytecode\":\"0x60\"}",
        "{\"abi\":[],\"bytecode\":\"0x60\",\"bytecode\":\"0x61\",\"deployedBytecode\":\"0x60\"}",
        "{\"abi\":[],\"bytecode\":\"0x60\",\"deployedBytecode\":\"0x60\"} {}",
        "{\"abi\":[],\"bytecode\":{\"object\":\"0x60\"},\"deployedBytecode\":\"0x60\"}",
        "{\"abi\":[],\"bytecode\":{\"opcodes\":\"PUSH\"},\"deployedBytecode\":{\"object\":\"0x60\"}}"
      })
  void refusesEveryOtherShape(String json) {
    assertThatThrownBy(() -> ContractArtifact.parse(json)).isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0x, NO_CODE",
    "60, SHAPE",
    "0x6, SHAPE",
    "0x6g, SHAPE",
    "0x60 , SHAPE",
    "0X60, SHAPE",
    "0x60__$aabbccddeeff00112233445566778899aa$__60, UNLINKED",
  })
  void refusesCodeThatIsNotPlainHexadecimal(String code, ContractRefusal why) {
    // CsvSource trims, so the blank comes back here
    String text = code.equals("0x60") ? "0x60 " : code;
    assertRefused(HARDHAT.replace("\"0x6001\"", "\"" + text + "\""), why);
    assertRefused(FOUNDRY.replace("\"0x6001\"", "\"" + text + "\""), why);
  }

  @ParameterizedTest
  @CsvSource({"0,32", "2,32", "3,32", "1,31", "1,33", "-1,32", "1,0", "2147483647,32", "1.5,32"})
  void refusesAPlaceThatIsNoWordOfZerosInTheCode(String start, String length) {
    String place = "\"start\": 1, \"length\": 32";
    assertRefused(
        FOUNDRY.replace(place, "\"start\": " + start + ", \"length\": " + length),
        ContractRefusal.SHAPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "[]",
        "{\"1\": 7}",
        "{\"1\": [7]}",
        "{\"1\": [{\"start\": 1}]}",
        "{\"1\": [{\"start\": 1, \"length\": 32}], \"2\": [{\"start\": 1, \"length\": 32}]}"
      })
  void refusesPlacesOfAnotherShapeOrTwice(String references) {
    assertRefused(
        FOUNDRY.replaceAll(
            "\"immutableReferences\": \\{.*]}", "\"immutableReferences\": " + references),
        ContractRefusal.SHAPE);
  }

  @Test
  void takesExactlyTheLargestDeploymentAndNoByteMore() {
    String largest = "0x" + "60".repeat(ContractArtifact.LARGEST_DEPLOYMENT);
    ContractArtifact artifact = ContractArtifact.parse(HARDHAT.replace("0x6001", largest));
    assertThat(artifact.deployment(Bytes.EMPTY).length()).isEqualTo(49_152);
    assertThatThrownBy(() -> artifact.deployment(Bytes.zeros(1)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(ContractRefusal.SIZE));
    assertRefused(HARDHAT.replace("0x6001", largest + "60"), ContractRefusal.SIZE);
  }

  @Test
  void refusesDeployedCodeThatIsTooLarge() {
    String code = "0x" + "60".repeat(RuntimeCode.LARGEST + 1);
    assertRefused(FOUNDRY.replaceAll("\"0x73(00)+50\"", "\"" + code + "\""), ContractRefusal.SIZE);
  }

  @Test
  void namesTheFileThatItRefuses(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("Some.json"), "{}");
    Path missing = folder.resolve("None.json");
    for (Path each : List.of(file, missing, folder)) {
      assertThatThrownBy(() -> ContractArtifact.read(each))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith(each.toString());
    }
  }

  private static void assertRefused(String json, RefusalCode why) {
    assertThatThrownBy(() -> ContractArtifact.parse(json))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(why));
  }
}
