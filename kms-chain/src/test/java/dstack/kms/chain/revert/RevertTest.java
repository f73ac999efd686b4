package dstack.kms.chain.revert;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.calldata.GovernanceVectors;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Node;
import dstack.kms.testkit.Vectors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasons of contracts in words (specification 20 §4, §5, §7.4 and §8). */
final class RevertTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "otherReturns/revert_notOwner | 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 is not the"
            + " owner of the contract (OwnableUnauthorizedAccount)",
        "otherReturns/revert_invalidAppId | the app's address is zero (\"Invalid app ID\")",
      })
  void saysWhatTheVectorMeans(String vector, String words) {
    assertThat(new Revert(GovernanceVectors.bytes(vector)).words()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"err_notReady, is not ready", "err_already, is scheduled already"})
  void tellsTheStatesOfAnOperationApart(String vector, String words) {
    assertThat(new Revert(GovernanceVectors.bytes("timelock/" + vector)).words())
        .contains("0x7738ea02", words, "(TimelockUnexpectedOperationState)");
  }

  @Test
  void knowsEveryErrorOfTheVectors() {
    Vectors.json("contracts/selectors.json").properties().stream()
        .filter(contract -> contract.getValue().has("errors"))
        .flatMap(contract -> contract.getValue().get("errors").properties().stream())
        .map(Map.Entry::getValue)
        .forEach(
            id ->
                assertThat(KnownErrors.of(Bytes.fromHex(id.asString().substring(2))))
                    .as(id.asString())
                    .isPresent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ownable: caller is not the owner | the caller is not the owner",
        "TimelockController: operation is not ready | its delay is not over",
        "AccessControl: account 0x00 is missing role 0x01 | does not have the role",
        "GS013 | the call that the Safe made failed",
        "GS026 | a signature is not of an owner",
        "Upgrades are permanently disabled | was made unchangeable",
        "something else | \"something else\"",
      })
  void saysWhatTextsMeanAsEthersEncodesThem(String text, String words) {
    assertThat(new Revert(encoded("error Error(string)", '"' + text + '"')).words())
        .contains(words);
  }

  @Test
  void namesTheRoleThatIsMissing() {
    String role = Vectors.json("contracts/selectors.json").at("/roles/PROPOSER_ROLE").asString();
    Bytes data =
        encoded(
            "error AccessControlUnauthorizedAccount(address,bytes32)",
            "\"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\",\"" + role + "\"");

    assertThat(new Revert(data).words())
        .isEqualTo(
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 does not have the role PROPOSER_ROLE"
                + " (AccessControlUnauthorizedAccount)");
  }

  @Test
  void saysSoWhenThereIsNoReason() {
    assertThat(new Revert(Bytes.EMPTY).words()).contains("gave no reason");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "deadbeef", "118cdaa7", "118cdaa7ff", "08c379a0" + "00"})
  void saysSoWhenTheErrorIsUnknownOrMalformed(String data) {
    assertThat(new Revert(Bytes.fromHex(data)).words())
        .startsWith("the contract gave")
        .contains("0x" + data);
  }

  private static Bytes encoded(String error, String arguments) {
    String script =
        """
        import { Interface } from 'ethers';
        const [error, values] = process.argv.slice(1);
        console.log(new Interface([error]).encodeErrorResult(error.slice(6).split('(')[0],
            JSON.parse(values)));
        """;
    return Bytes.fromHex(Node.run(script, error, "[" + arguments + "]").substring(2));
  }
}
