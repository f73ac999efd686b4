package dstack.kms.chain.proof.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpEncoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose hash is right and whose form no trie of hashed keys has. */
class NodeShapeTest {
  private static final Word KEY = Word.ZERO;
  private static final RlpItem NOTHING = RlpItem.of(Bytes.EMPTY);
  private static final RlpItem HASH = RlpItem.of(Bytes.fromHex("11".repeat(32)));

  private static RlpItem text(String hex) {
    return RlpItem.of(Bytes.fromHex(hex));
  }

  private static RlpItem list(RlpItem... items) {
    return RlpItem.of(Arrays.asList(items));
  }

  private static RlpItem branch(RlpItem first, RlpItem second, RlpItem value) {
    List<RlpItem> items = new ArrayList<>(Collections.nCopies(16, NOTHING));
    items.set(0, first);
    items.set(1, second);
    items.add(value);
    return RlpItem.of(items);
  }

  private static void refused(RlpItem root, RlpItem... below) {
    refused(TrieRefusal.NODE_SHAPE, root, below);
  }

  private static void refused(TrieRefusal reason, RlpItem root, RlpItem... below) {
    List<Bytes> nodes = new ArrayList<>(List.of(RlpEncoder.encode(root)));
    Arrays.stream(below).map(RlpEncoder::encode).forEach(nodes::add);
    Word hash = new Word(Keccak.keccak256(nodes.getFirst()));
    assertThatThrownBy(() -> TrieProof.value(hash, KEY, nodes))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  private static RlpItem hashOf(RlpItem node) {
    return RlpItem.of(Keccak.keccak256(RlpEncoder.encode(node)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 16, 18})
  void refusesNodesOfAnotherNumberOfParts(int parts) {
    refused(RlpItem.of(Collections.nCopies(parts, HASH)));
  }

  @Test
  void refusesABranchWithAValue() {
    refused(branch(HASH, HASH, text("01")));
  }

  @Test
  void refusesABranchWithOneWayOrNone() {
    refused(branch(HASH, NOTHING, NOTHING));
    refused(branch(NOTHING, NOTHING, NOTHING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"01", "0102", "11", "1111111111111111111111111111111111111111111111111111"})
  void refusesReferencesOfAnotherLengthThanAHash(String reference) {
    refused(branch(text(reference), HASH, NOTHING));
    refused(branch(HASH, text(reference + "00"), NOTHING));
  }

  @Test
  void refusesAnEmbeddedNodeThatIsLongerThanItsHash() {
    RlpItem large = list(text("20"), text("22".repeat(32)));
    refused(branch(large, HASH, NOTHING));
  }

  @Test
  void refusesAHashInPlaceOfANodeThatIsShorterThanIt() {
    RlpItem small = list(text("20"), text("22"));
    refused(branch(hashOf(small), HASH, NOTHING), small);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "80", "f0", "0100", "0f00", "21", "2100"})
  void refusesPathsThatBeginWithAnUnknownByte(String path) {
    refused(list(text(path), text("33".repeat(40))));
  }

  @Test
  void refusesAPathWithoutABeginning() {
    refused(list(NOTHING, text("33")));
  }

  @Test
  void refusesALeafWithoutAValue() {
    refused(list(text("20" + "00".repeat(32)), NOTHING));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesALeafWhosePathIsNotWhatIsLeftOfTheKey(int bytes) {
    refused(list(text("20" + "00".repeat(bytes)), text("33")));
    refused(list(text("20" + "11".repeat(bytes)), text("33")));
  }

  @Test
  void refusesAnExtensionThatLeadsNowhere() {
    refused(list(text("00"), HASH));
    refused(list(text("0000"), NOTHING));
  }

  @Test
  void refusesAnExtensionThatIsAsLongAsTheKey() {
    refused(list(text("00" + "00".repeat(32)), HASH));
    refused(list(text("00" + "00".repeat(33)), HASH));
  }

  @Test
  void refusesAnExtensionBeforeALeafOrAnotherExtension() {
    RlpItem leaf = list(text("20" + "00".repeat(31)), text("33"));
    refused(list(text("0000"), hashOf(leaf)), leaf);
    RlpItem extension = list(text("0000"), HASH);
    refused(list(text("0000"), hashOf(extension)), extension);
  }

  @Test
  void refusesABranchBelowTheEndOfTheKey() {
    RlpItem deep = branch(HASH, HASH, NOTHING);
    RlpItem last = branch(hashOf(deep), HASH, NOTHING);
    refused(list(text("10" + "00".repeat(31)), hashOf(last)), last, deep);
  }

  @Test
  void refusesAnEmbeddedNodeListedAsAnotherOne() {
    RlpItem inner = list(text("3" + "0".repeat(7)), text("333333"));
    RlpItem other = list(text("3" + "0".repeat(7)), text("333334"));
    RlpItem bottom = branch(inner, inner, NOTHING);
    RlpItem root = list(text("00" + "00".repeat(28)), hashOf(bottom));
    refused(TrieRefusal.NODE_EXTRA, root, bottom, other);
    assertThat(RlpEncoder.encode(inner).length()).isLessThan(32);
  }
}
