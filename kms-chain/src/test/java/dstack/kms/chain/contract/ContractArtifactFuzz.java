package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Whatever a file holds is a contract that can be deployed, or a refusal. */
final class ContractArtifactFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyText(byte[] input) {
    parse(Bytes.of(input).utf8Text());
  }

  /** The part inside of a right frame. */
  @FuzzTest(maxDuration = "10s")
  void anyImmutables(byte[] input) {
    String code = "0x73" + "00".repeat(80);
    parse(
        "{\"abi\":[],\"bytecode\":\""
            + code
            + "\",\"deployedBytecode\":\""
            + code
            + "\",\"immutableReferences\":"
            + Bytes.of(input).utf8Text()
            + "}");
  }

  private static void parse(String json) {
    try {
      ContractArtifact artifact = ContractArtifact.parse(json);
      assertThat(artifact.creationCode().length())
          .isBetween(1, ContractArtifact.LARGEST_DEPLOYMENT);
      artifact
          .runtimeCode()
          .ifPresent(code -> assertThat(code.matchesMasked(code.at(Address.ZERO))).isTrue());
    } catch (RefusalException e) {
      assertThat(e.text()).isNotEmpty();
    }
  }
}
