package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.TestContracts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code on a chain is recognized by the hash that a state proof has. */
final class KnownCodeTest extends ChainTest {
  private static final KnownCode OURS = KnownCode.ofThisProgram();
  private static final Word ANYTHING = Word.parse("ab".repeat(32));

  @Test
  void recognizesWhatTheDeploymentLeft() {
    assertThat(knows(OwnContract.DSTACK_APP, kms.appImplementation())).isTrue();
    assertThat(knows(OwnContract.DSTACK_KMS, kms.kmsImplementation())).isTrue();
    assertThat(knows(OwnContract.ERC1967_PROXY, kms.kms())).isTrue();
    Address app = kms.deployApp(owner, false, false, true, Word.ZERO, Word.ZERO);
    assertThat(knows(OwnContract.ERC1967_PROXY, app)).isTrue();
    Address timelock =
        Deployment.deploy(
            chain, owner, OwnContract.TIMELOCK_CONTROLLER, 60, List.of(owner), List.of(), owner);
    assertThat(knows(OwnContract.TIMELOCK_CONTROLLER, timelock)).isTrue();
  }

  @Test
  void recognizesASecondDeploymentAtItsOwnAddressOnly() {
    Address second = Deployment.deploy(chain, stranger, OwnContract.DSTACK_APP);
    assertThat(hash(second)).isNotEqualTo(hash(kms.appImplementation()));
    assertThat(knows(OwnContract.DSTACK_APP, second)).isTrue();
    assertThat(OURS.isCodeOf(OwnContract.DSTACK_APP, second, hash(kms.appImplementation())))
        .isFalse();
  }

  @Test
  void doesNotTakeOneContractForAnother() {
    assertThat(knows(OwnContract.DSTACK_APP, kms.kmsImplementation())).isFalse();
    assertThat(knows(OwnContract.DSTACK_APP, kms.kms())).isFalse();
    assertThat(knows(OwnContract.ERC1967_PROXY, kms.appImplementation())).isFalse();
    assertThat(knows(OwnContract.DSTACK_APP, stranger)).isFalse();
    Address yes = chain.deploy(stranger, TestContracts.deployment("SaysYes"));
    for (OwnContract contract : OwnContract.values()) {
      assertThat(knows(contract, yes)).isFalse();
    }
  }

  @Test
  void computesTheCodeOfEachAddressFromTheArtifact() {
    RuntimeCode code = ContractArtifact.of(OwnContract.DSTACK_APP).runtimeCode().orElseThrow();
    Bytes deployed = chain.code(kms.appImplementation());
    assertThat(code.at(kms.appImplementation())).isEqualTo(deployed);
    assertThat(code.immutables()).hasSize(3);
    assertThat(code.matchesMasked(deployed)).isTrue();
    assertThat(code.matchesMasked(code.at(stranger))).isTrue();
    assertThat(code.matchesMasked(chain.code(kms.kmsImplementation()))).isFalse();
    assertThat(code.matchesMasked(deployed.slice(0, deployed.length() - 1))).isFalse();
  }

  @Test
  void recognizesNoCodeWithOneOtherByte() {
    Bytes deployed = chain.code(kms.appImplementation());
    RuntimeCode code = ContractArtifact.of(OwnContract.DSTACK_APP).runtimeCode().orElseThrow();
    for (int at = 0; at < deployed.length(); at += 97) {
      byte[] bytes = deployed.toArray();
      bytes[at] ^= 1;
      Bytes other = Bytes.of(bytes);
      Word hash = new Word(Keccak.keccak256(other));
      assertThat(OURS.isCodeOf(OwnContract.DSTACK_APP, kms.appImplementation(), hash)).isFalse();
      boolean immutable = isImmutable(code, at);
      assertThat(code.matchesMasked(other)).isEqualTo(immutable);
    }
  }

  @Test
  void knowsAPinnedHashForItsContractAlone() {
    KnownCode pinned = KnownCode.none().plus(OwnContract.DSTACK_APP, ANYTHING);
    assertThat(pinned.isCodeOf(OwnContract.DSTACK_APP, stranger, ANYTHING)).isTrue();
    assertThat(pinned.isCodeOf(OwnContract.DSTACK_KMS, stranger, ANYTHING)).isFalse();
    assertThat(pinned.isCodeOf(OwnContract.DSTACK_APP, stranger, Word.ZERO)).isFalse();
    assertThat(KnownCode.none().isCodeOf(OwnContract.DSTACK_APP, stranger, ANYTHING)).isFalse();
    KnownCode both = OURS.plus(OwnContract.DSTACK_APP, ANYTHING);
    assertThat(both.isCodeOf(OwnContract.DSTACK_APP, stranger, ANYTHING)).isTrue();
    Word ours = hash(kms.appImplementation());
    assertThat(both.isCodeOf(OwnContract.DSTACK_APP, kms.appImplementation(), ours)).isTrue();
    assertThat(OURS.isCodeOf(OwnContract.DSTACK_APP, stranger, ANYTHING)).isFalse();
  }

  private static boolean isImmutable(RuntimeCode code, int at) {
    return code.immutables().stream()
        .anyMatch(place -> place.start() <= at && at < place.start() + place.length());
  }

  private boolean knows(OwnContract contract, Address at) {
    return OURS.isCodeOf(contract, at, hash(at));
  }

  /** As a state proof has it. */
  private Word hash(Address at) {
    return Word.parse(
        chain.rpc("eth_getProof", at.lowerCase(), List.of(), "latest").get("codeHash").asString());
  }
}
