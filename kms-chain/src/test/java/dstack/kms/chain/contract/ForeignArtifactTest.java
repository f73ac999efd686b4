package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Artifacts that Hardhat made and OpenZeppelin ships are read, deployed, and not taken for ours.
 */
final class ForeignArtifactTest extends ChainTest {
  @Test
  void readsEveryShippedContractAndRefusesTheOthersForHavingNoCode() throws IOException {
    int read = 0;
    int refused = 0;
    for (Path file : shipped()) {
      String name = file.getFileName().toString().replace(".json", "");
      try {
        assertThat(ContractArtifact.read(file).name()).isEqualTo(name);
        read++;
      } catch (RefusalException e) {
        assertThat(e.code()).as("%s: %s", name, e.text()).isEqualTo(ContractRefusal.NO_CODE);
        refused++;
      }
    }
    assertThat(read).isGreaterThan(50);
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void runsOurKmsBehindAProxyOfAnotherCompilation() {
    ContractArtifact theirs = ContractArtifact.read(folder().resolve("ERC1967Proxy.json"));
    Bytes setUp = Calldata.of("initialize(address,address)", owner, kms.appImplementation());
    Bytes arguments = Calldata.arguments(kms.kmsImplementation(), setUp);
    Address proxy = chain.deploy(owner, theirs.deployment(arguments));
    assertThat(kms.read(proxy, "owner()").address(0)).isEqualTo(owner);
    assertThat(kms.read(proxy, "appImplementation()").address(0))
        .isEqualTo(kms.appImplementation());

    Word hash = new Word(Keccak.keccak256(chain.code(proxy)));
    KnownCode ours = KnownCode.ofThisProgram();
    assertThat(ours.isCodeOf(OwnContract.ERC1967_PROXY, proxy, hash)).isFalse();
    assertThat(
            ours.plus(OwnContract.ERC1967_PROXY, hash)
                .isCodeOf(OwnContract.ERC1967_PROXY, proxy, hash))
        .isTrue();
  }

  private static Path folder() {
    return Node.packages().resolve("node_modules/@openzeppelin/contracts/build/contracts");
  }

  private static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList();
    }
  }
}
