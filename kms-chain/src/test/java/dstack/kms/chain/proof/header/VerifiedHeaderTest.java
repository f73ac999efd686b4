package dstack.kms.chain.proof.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.AnvilRpc;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Headers of real chains of every fork, and every field of them changed. */
class VerifiedHeaderTest {
  /** A header whose hash ethers computes: every field differs, and numbers need all their bytes. */
  private static final String BY_ETHERS =
      """
      import { encodeRlp, keccak256 } from 'ethers';
      const h = (n, i) => '0x' + i.toString(16).padStart(2, '0').repeat(n);
      const fields = [['parentHash', h(32, 1)], ['sha3Uncles', h(32, 2)], ['miner', h(20, 3)],
          ['stateRoot', h(32, 4)], ['transactionsRoot', h(32, 5)], ['receiptsRoot', h(32, 6)],
          ['logsBloom', h(256, 7)], ['difficulty', '0x1234567'], ['number', '0x7fffffffffffffff'],
          ['gasLimit', '0x80'], ['gasUsed', '0x0'], ['timestamp', '0x6a000001'],
          ['extraData', h(97, 8)], ['mixHash', h(32, 9)], ['nonce', '0x0000000000000001'],
          ['baseFeePerGas', '0x' + 'f'.repeat(64)], ['withdrawalsRoot', h(32, 10)],
          ['blobGasUsed', '0x20000'], ['excessBlobGas', '0x0'],
          ['parentBeaconBlockRoot', h(32, 11)], ['requestsHash', h(32, 12)]];
      const numbers = ['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp',
          'baseFeePerGas', 'blobGasUsed', 'excessBlobGas'];
      const even = (x) => '0x' + (x.length % 2 ? '0' : '') + x.slice(2);
      const raw = ([name, value]) => numbers.includes(name) ? (BigInt(value) === 0n ? '0x' : even(value)) : value;
      console.log(JSON.stringify({ block: Object.fromEntries(fields),
          hash: keccak256(encodeRlp(fields.map(raw))) }));
      """;

  private static void refused(HeaderRefusal reason, Word trusted, JsonNode block) {
    assertThatThrownBy(() -> VerifiedHeader.of(trusted, block))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  private static ObjectNode made() {
    return (ObjectNode) JsonMapper.shared().readTree(Node.run(BY_ETHERS));
  }

  private static final ObjectNode MADE = made();
  private static final Word HASH = Word.parse(MADE.get("hash").stringValue());

  private static ObjectNode block() {
    return ((ObjectNode) MADE.get("block")).deepCopy();
  }

  @Test
  void readsAHeaderThatHasTheHashThatEthersComputes() {
    VerifiedHeader header = VerifiedHeader.of(HASH, block());
    assertThat(header.hash()).isEqualTo(HASH);
    assertThat(header.number()).isEqualTo(Long.MAX_VALUE);
    assertThat(header.time()).isEqualTo(Instant.ofEpochSecond(0x6a000001));
    assertThat(header.stateRoot().value().hex()).isEqualTo("04".repeat(32));
  }

  @ParameterizedTest
  @ValueSource(strings = {"london", "paris", "shanghai", "cancun", "prague", "osaka"})
  void readsTheHeadersOfEveryForkFromARealChain(String fork) {
    try (AnvilRpc chain = new AnvilRpc(Anvil.start("--hardfork", fork))) {
      JsonNode block = chain.mine();
      Word hash = Word.parse(block.get("hash").stringValue());
      VerifiedHeader header = VerifiedHeader.of(hash, block);
      assertThat(header.number()).isEqualTo(1);
      assertThat(header.stateRoot().text()).isEqualTo(block.get("stateRoot").stringValue());
      refused(HeaderRefusal.HASH, Word.parse(block.get("parentHash").stringValue()), block);
    }
  }

  @ParameterizedTest
  @EnumSource(HeaderField.class)
  void refusesEachFieldChanged(HeaderField field) {
    ObjectNode block = block();
    String value = block.get(field.json()).stringValue();
    char last = value.charAt(value.length() - 1);
    block.put(field.json(), value.substring(0, value.length() - 1) + (last == '1' ? '2' : '1'));
    refused(HeaderRefusal.HASH, HASH, block);
  }

  @ParameterizedTest
  @EnumSource(HeaderField.class)
  void refusesEachFieldMissingOrNull(HeaderField field) {
    ObjectNode without = block();
    without.remove(field.json());
    boolean last = field == HeaderField.REQUESTS_HASH;
    refused(last ? HeaderRefusal.HASH : HeaderRefusal.FIELD_SET, HASH, without);
    refused(
        last ? HeaderRefusal.HASH : HeaderRefusal.FIELD_SET, HASH, block().putNull(field.json()));
  }

  @ParameterizedTest
  @EnumSource(HeaderField.class)
  void refusesEachFieldOfAnotherForm(HeaderField field) {
    String value = block().get(field.json()).stringValue();
    refused(HeaderRefusal.FIELD, HASH, block().put(field.json(), 7));
    refused(HeaderRefusal.FIELD, HASH, block().put(field.json(), value.substring(2)));
    refused(HeaderRefusal.FIELD, HASH, block().put(field.json(), value + "g"));
    refused(HeaderRefusal.FIELD, HASH, block().put(field.json(), "0X" + value.substring(2)));
    String zeros = "00".repeat(field.form().bytes());
    refused(HeaderRefusal.FIELD, HASH, block().put(field.json(), "0x" + zeros + "00"));
  }

  @ParameterizedTest
  @CsvSource({"number, 0x8000000000000000", "timestamp, 0x8000000000000000"})
  void refusesNumbersThatNoChainHas(String field, String value) {
    String script =
        BY_ETHERS.replace(
            "console.log",
            "fields.find((f) => f[0] === '" + field + "')[1] = '" + value + "';\nconsole.log");
    JsonNode made = JsonMapper.shared().readTree(Node.run(script));
    refused(HeaderRefusal.FIELD, Word.parse(made.get("hash").stringValue()), made.get("block"));
  }

  /** What is not part of the hash is not part of the decision. */
  @Test
  void passesOverWhatIsNoFieldOfTheHeader() {
    ObjectNode block = block();
    block.put("hash", "0x" + "00".repeat(32)).put("size", "nonsense").putArray("transactions");
    assertThat(VerifiedHeader.of(HASH, block).hash()).isEqualTo(HASH);
  }

  /** A header with one field more than Prague's, as a later fork has it. */
  @Test
  void refusesAHeaderOfALaterForkInsteadOfReadingItWithoutItsField() {
    String script =
        BY_ETHERS.replace(
            "const numbers", "fields.push(['blockAccessListHash', h(32, 13)]);\nconst numbers");
    JsonNode made = JsonMapper.shared().readTree(Node.run(script));
    refused(HeaderRefusal.HASH, Word.parse(made.get("hash").stringValue()), made.get("block"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"0x\"", "7", "{}"})
  void refusesWhatIsNoBlock(String json) {
    assertThatThrownBy(() -> VerifiedHeader.of(HASH, JsonMapper.shared().readTree(json)))
        .isInstanceOf(RefusalException.class);
  }
}
