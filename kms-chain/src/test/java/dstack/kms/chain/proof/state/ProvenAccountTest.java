package dstack.kms.chain.proof.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.AnvilRpc;
import dstack.kms.chain.proof.header.VerifiedHeader;
import dstack.kms.chain.proof.trie.TrieRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A real node's proofs, and an endpoint that lies in every way (specification 21 §8.3). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProvenAccountTest {
  private static final Address CONTRACT =
      Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");
  private static final Address OTHER = Address.parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");
  private static final Address NOBODY = Address.parse("0x00000000000000000000000000000000deadbeef");
  private static final Word SMALL = word(1);
  private static final Word LARGE = word(2);
  private static final Word UNSET = word(1000);
  private static final List<Word> KEYS = List.of(SMALL, LARGE, UNSET);

  private AnvilRpc chain;
  private JsonNode first;
  private JsonNode block;
  private VerifiedHeader header;

  private static Word word(long number) {
    return Word.of(BigInteger.valueOf(number));
  }

  private static VerifiedHeader headerOf(JsonNode block) {
    return VerifiedHeader.of(Word.parse(block.get("hash").stringValue()), block);
  }

  @BeforeAll
  void startsAChainWithTwoContracts() {
    chain = new AnvilRpc(Anvil.start());
    chain.call("anvil_setCode", CONTRACT.lowerCase(), "0x6001600255");
    chain.call("anvil_setCode", OTHER.lowerCase(), "0x6001600255");
    for (int i = 3; i < 60; i++) {
      chain.store(CONTRACT, word(i), word(i));
    }
    chain.store(CONTRACT, SMALL, word(1));
    chain.store(CONTRACT, LARGE, new Word(Bytes.fromHex("fe".repeat(32))));
    chain.store(OTHER, SMALL, word(2));
    first = chain.mine();
    block = chain.transfer();
    header = headerOf(block);
  }

  @AfterAll
  void stopsTheChain() {
    chain.close();
  }

  private ObjectNode answer() {
    return (ObjectNode) chain.proof(CONTRACT, KEYS, block).deepCopy();
  }

  private ProvenAccount verify(JsonNode answer) {
    return ProvenAccount.verify(header, CONTRACT, KEYS, UnverifiedAccount.parse(answer));
  }

  private RefusalCode refusalOf(JsonNode answer) {
    try {
      throw new AssertionError("taken: " + verify(answer).address());
    } catch (RefusalException e) {
      return e.code();
    }
  }

  private static ObjectNode slot(ObjectNode answer, int index) {
    return (ObjectNode) answer.get("storageProof").get(index);
  }

  @Test
  void readsWhatTheStorageHolds() {
    ProvenAccount account = verify(answer());
    assertThat(account.address()).isEqualTo(CONTRACT);
    assertThat(account.storage(SMALL)).isEqualTo(word(1));
    assertThat(account.storage(LARGE).value().hex()).isEqualTo("fe".repeat(32));
    assertThat(account.storage(UNSET)).isEqualTo(Word.ZERO);
    assertThat(account.hasCode()).isTrue();
    assertThat(account.codeHash().value()).isEqualTo(Keccak.keccak256(Bytes.fromHex("6001600255")));
  }

  @Test
  void readsAnAccountThatDoesNotExistAsEmpty() {
    JsonNode answer = chain.proof(NOBODY, KEYS, block);
    ProvenAccount account =
        ProvenAccount.verify(header, NOBODY, KEYS, UnverifiedAccount.parse(answer));
    assertThat(account.hasCode()).isFalse();
    assertThat(account.storage(SMALL)).isEqualTo(Word.ZERO);
  }

  @Test
  void takesZeroHashesForAnAccountThatDoesNotExistOnly() {
    String zero = "0x" + "00".repeat(32);
    ObjectNode absent = (ObjectNode) chain.proof(NOBODY, List.of(), block).deepCopy();
    absent.put("storageHash", zero).put("codeHash", zero);
    UnverifiedAccount unverified = UnverifiedAccount.parse(absent);
    assertThat(ProvenAccount.verify(header, NOBODY, List.of(), unverified).hasCode()).isFalse();
    assertThat(refusalOf(answer().put("codeHash", zero))).isEqualTo(StateRefusal.ACCOUNT_DIFFERS);
    assertThat(refusalOf(answer().put("storageHash", zero)))
        .isEqualTo(StateRefusal.ACCOUNT_DIFFERS);
  }

  @Test
  void readsAnAccountWithoutCodeAsOneWithout() {
    Address funded = Address.parse(Anvil.FIRST_ACCOUNT);
    JsonNode answer = chain.proof(funded, List.of(), block);
    ProvenAccount account =
        ProvenAccount.verify(header, funded, List.of(), UnverifiedAccount.parse(answer));
    assertThat(account.hasCode()).isFalse();
  }

  @Test
  void doesNotTakeAWordThatWasNotAskedForAsZero() {
    ProvenAccount account = verify(answer());
    assertThatThrownBy(() -> account.storage(word(77)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0x0", "0, 0x2", "1, 0x0", "2, 0x1"})
  void refusesAnotherValueThanTheProofShows(int index, String value) {
    ObjectNode answer = answer();
    slot(answer, index).put("value", value);
    assertThat(refusalOf(answer)).isEqualTo(StateRefusal.VALUE_DIFFERS);
  }

  @Test
  void refusesAbsenceThatIsShownWithTheProofOfAnotherKey() {
    ObjectNode answer = answer();
    slot(answer, 0).put("value", "0x0").set("proof", slot(answer, 2).get("proof"));
    assertThat(refusalOf(answer)).isInstanceOf(TrieRefusal.class);
    slot(answer, 0).putArray("proof");
    assertThat(refusalOf(answer)).isEqualTo(TrieRefusal.NODE_MISSING);
    slot(answer, 0).putArray("proof").add("0x80");
    assertThat(refusalOf(answer)).isEqualTo(TrieRefusal.NODE_HASH);
  }

  @Test
  void refusesEachStorageNodeLeftOutOrAdded() {
    for (int index = 0; index < KEYS.size(); index++) {
      int nodes = slot(answer(), index).get("proof").size();
      for (int node = 0; node < nodes; node++) {
        ObjectNode answer = answer();
        ((ArrayNode) slot(answer, index).get("proof")).remove(node);
        assertThat(refusalOf(answer)).isIn(TrieRefusal.NODE_MISSING, TrieRefusal.NODE_HASH);
      }
      ObjectNode more = answer();
      ((ArrayNode) slot(more, index).get("proof")).add("0x80");
      assertThat(refusalOf(more)).isEqualTo(TrieRefusal.NODE_EXTRA);
    }
  }

  @Test
  void refusesEachNodeWithOneChangedByte() {
    int flips = 0;
    for (String path : nodePaths(answer())) {
      ObjectNode answer = answer();
      String node = answer.at(path).stringValue();
      for (int at = 2; at < node.length(); at += 9) {
        String changed =
            node.substring(0, at) + (node.charAt(at) == '0' ? '1' : '0') + node.substring(at + 1);
        ArrayNode list = (ArrayNode) answer.at(path.substring(0, path.lastIndexOf('/')));
        list.set(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)), changed);
        assertThat(refusalOf(answer)).as(path).isEqualTo(TrieRefusal.NODE_HASH);
        flips++;
      }
    }
    assertThat(flips).isGreaterThan(500);
  }

  private static List<String> nodePaths(JsonNode answer) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < answer.get("accountProof").size(); i++) {
      paths.add("/accountProof/" + i);
    }
    for (int slot = 0; slot < answer.get("storageProof").size(); slot++) {
      for (int i = 0; i < answer.at("/storageProof/" + slot + "/proof").size(); i++) {
        paths.add("/storageProof/" + slot + "/proof/" + i);
      }
    }
    return paths;
  }

  @Test
  void refusesTheProofOfAnotherAccountUnderThisOnesName() {
    ObjectNode other = (ObjectNode) chain.proof(OTHER, KEYS, block).deepCopy();
    assertThat(refusalOf(other)).isEqualTo(StateRefusal.OTHER_ACCOUNT);
    other.put("address", CONTRACT.lowerCase());
    assertThat(refusalOf(other)).isInstanceOf(TrieRefusal.class);
  }

  @Test
  void refusesTheStorageOfAnotherAccount() {
    ObjectNode answer = answer();
    JsonNode other = chain.proof(OTHER, KEYS, block);
    answer.set("storageProof", other.get("storageProof"));
    assertThat(refusalOf(answer)).isEqualTo(TrieRefusal.NODE_HASH);
    answer.put("storageHash", other.get("storageHash").stringValue());
    assertThat(refusalOf(answer)).isEqualTo(StateRefusal.ACCOUNT_DIFFERS);
  }

  @Test
  void refusesAProofOfAnotherBlock() {
    JsonNode earlier = chain.proof(CONTRACT, KEYS, first);
    VerifiedHeader other = headerOf(first);
    assertThat(ProvenAccount.verify(other, CONTRACT, KEYS, UnverifiedAccount.parse(earlier)))
        .isNotNull();
    assertThat(refusalOf(earlier)).isEqualTo(TrieRefusal.NODE_HASH);
  }

  @Test
  void refusesAnAccountShownAsAbsentWithAnotherOnesExclusion() {
    ObjectNode answer = answer();
    answer.set("accountProof", chain.proof(NOBODY, List.of(), block).get("accountProof"));
    assertThat(refusalOf(answer)).isInstanceOf(TrieRefusal.class);
    answer.putArray("accountProof");
    assertThat(refusalOf(answer)).isEqualTo(TrieRefusal.NODE_MISSING);
  }

  @ParameterizedTest
  @CsvSource({"nonce, 0x7", "balance, 0x1", "storageHash, ''", "codeHash, ''"})
  void refusesWordsAboutTheAccountThatItsProofDoesNotShow(String member, String value) {
    String told = value.isEmpty() ? "0x" + "12".repeat(32) : value;
    assertThat(refusalOf(answer().put(member, told))).isEqualTo(StateRefusal.ACCOUNT_DIFFERS);
  }

  @Test
  void refusesOtherKeysThanThoseThatWereAskedFor() {
    ObjectNode fewer = answer();
    ((ArrayNode) fewer.get("storageProof")).remove(1);
    assertThat(refusalOf(fewer)).isEqualTo(StateRefusal.SLOTS);
    ObjectNode more = answer();
    ((ArrayNode) more.get("storageProof")).add(slot(answer(), 0));
    assertThat(refusalOf(more)).isEqualTo(StateRefusal.SLOTS);
    ObjectNode other = answer();
    slot(other, 0).put("key", word(5).text());
    assertThat(refusalOf(other)).isEqualTo(StateRefusal.SLOTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "address",
        "nonce",
        "balance",
        "storageHash",
        "codeHash",
        "accountProof",
        "storageProof"
      })
  void refusesAnAnswerWithoutAMemberOrWithAnotherKindOfIt(String member) {
    ObjectNode without = answer();
    without.remove(member);
    assertThat(refusalOf(without)).isEqualTo(StateRefusal.ANSWER_FORM);
    assertThat(refusalOf(answer().put(member, 5))).isEqualTo(StateRefusal.ANSWER_FORM);
    assertThat(refusalOf(answer().put(member, "0xzz"))).isEqualTo(StateRefusal.ANSWER_FORM);
    assertThat(refusalOf(answer().putNull(member))).isEqualTo(StateRefusal.ANSWER_FORM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "value", "proof"})
  void refusesAStorageAnswerWithoutAMember(String member) {
    ObjectNode answer = answer();
    slot(answer, 1).remove(member);
    assertThat(refusalOf(answer)).isEqualTo(StateRefusal.ANSWER_FORM);
  }

  @Test
  void refusesEndlessLists() {
    ObjectNode answer = answer();
    ArrayNode nodes = answer.putArray("accountProof");
    for (int i = 0; i < 129; i++) {
      nodes.add("0x80");
    }
    assertThat(refusalOf(answer)).isEqualTo(StateRefusal.ANSWER_FORM);
    assertThat(
            refusalOf(
                answer().set("accountProof", answer().arrayNode().add("0x" + "00".repeat(9000)))))
        .isIn(StateRefusal.ANSWER_FORM, TrieRefusal.TOO_LARGE);
  }
}
