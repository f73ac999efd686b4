package dstack.kms.chain.proof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.AnvilRpc;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Variables in words, as the compiler writes them and as it never does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredValuesTest {
  private static final int SLOT = 4;
  private AnvilRpc chain;

  @BeforeAll
  void startsAChain() {
    chain = new AnvilRpc(Anvil.start());
  }

  @AfterAll
  void stopsIt() {
    chain.close();
  }

  private static void refused(PolicyStorageRefusal reason, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  private String text(String head, List<String> data) {
    List<Word> written = new ArrayList<>(List.of(Slots.at(SLOT), Word.parse(head)));
    for (int i = 0; i < StoredValues.TEXT_WORDS; i++) {
      written.add(Slots.data(SLOT, i));
      written.add(i < data.size() ? Word.parse(data.get(i)) : Word.ZERO);
    }
    List<Word> keys = StoredValues.textKeys(SLOT);
    ProvenAccount account = Proven.of(chain, keys, written.toArray(Word[]::new));
    return StoredValues.text(account, SLOT);
  }

  @Test
  void readsTheTextsOfTheGovernanceVectors() {
    JsonNode examples =
        Vectors.json("contracts/governance-vectors.json").get("storage").get("stringExamples");
    assertThat(examples.size()).isEqualTo(3);
    for (JsonNode example : examples) {
      List<String> data = example.path("data").valueStream().map(JsonNode::stringValue).toList();
      assertThat(text(example.get("slotValue").stringValue(), data))
          .isEqualTo(example.get("value").stringValue());
    }
  }

  @Test
  void readsTheLongestShortAndTheShortestAndLongestLongText() {
    String a = "61";
    assertThat(text(a.repeat(31) + "3e", List.of())).isEqualTo("a".repeat(31));
    assertThat(text("00".repeat(31) + "41", List.of(a.repeat(32)))).isEqualTo("a".repeat(32));
    List<String> three = List.of(a.repeat(32), a.repeat(32), a.repeat(32));
    assertThat(text("00".repeat(31) + "c1", three)).isEqualTo("a".repeat(96));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000040",
        "00000000000000000000000000000000000000000000000000000000000000fe",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "000000000000000000000000000000000000000000000000000000000000003f",
        "00000000000000000000000000000000000000000000000000000000000000c3",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "616e790000000000000000000000000000000000000000000000000000000106",
        "616e790000000000000000000000000000000000000000000000000000000004",
        "ff6e790000000000000000000000000000000000000000000000000000000006"
      })
  void refusesTextsThatNoCompilerWrites(String head) {
    refused(PolicyStorageRefusal.STORAGE_TEXT, () -> text(head, List.of()));
  }

  @Test
  void refusesALongTextWithSomethingBehindItsEnd() {
    String word = "61".repeat(32);
    refused(
        PolicyStorageRefusal.STORAGE_TEXT, () -> text("00".repeat(31) + "55", List.of(word, word)));
  }

  @ParameterizedTest
  @CsvSource({"00, false", "01, true"})
  void readsTruthValues(String value, boolean truth) {
    Word word = Word.parse("00".repeat(31) + value);
    ProvenAccount account = Proven.of(chain, List.of(Slots.at(1)), Slots.at(1), word);
    assertThat(StoredValues.flag(account, Slots.at(1))).isEqualTo(truth);
  }

  @ParameterizedTest
  @ValueSource(strings = {"000002", "0000ff", "000100", "000101", "010001"})
  void refusesTruthValuesThatNoCompilerWrites(String end) {
    Word word = Word.parse("00".repeat(29) + end);
    ProvenAccount account = Proven.of(chain, List.of(Slots.at(1)), Slots.at(1), word);
    refused(PolicyStorageRefusal.STORAGE_VALUE, () -> StoredValues.flag(account, Slots.at(1)));
  }
}
