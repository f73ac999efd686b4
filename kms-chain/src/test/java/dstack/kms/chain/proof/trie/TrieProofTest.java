package dstack.kms.chain.proof.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proofs by others, and every way to change them (specification 21 §8.3). */
class TrieProofTest {
  private static RefusalCode refusalOf(PeerTries.Case changed) {
    try {
      throw new AssertionError("taken: " + changed.verify() + " from " + changed);
    } catch (RefusalException e) {
      return e.code();
    }
  }

  private static List<PeerTries.Case> longOnes() {
    return PeerTries.cases().stream().filter(proof -> proof.nodes().size() > 1).toList();
  }

  @Test
  void findsWhatStandsUnderEachKeyAndThatNothingDoes() {
    long present = 0;
    for (PeerTries.Case proof : PeerTries.cases()) {
      assertThat(proof.verify()).as(proof.toString()).isEqualTo(proof.value());
      present += proof.value().isPresent() ? 1 : 0;
    }
    assertThat(present).isGreaterThan(80);
    assertThat(PeerTries.cases().size() - present).isGreaterThan(150);
  }

  @Test
  void takesProofsThatListEmbeddedNodesOnlyInsideOthers() {
    long embedded = 0;
    for (PeerTries.Case proof : PeerTries.cases()) {
      PeerTries.Case bare = proof.withoutEmbedded();
      assertThat(bare.verify()).isEqualTo(proof.value());
      embedded += bare.nodes().size() < proof.nodes().size() ? 1 : 0;
    }
    assertThat(embedded).isGreaterThan(20);
  }

  @Test
  void refusesEveryNodeWithOneChangedByte() {
    int flips = 0;
    for (PeerTries.Case proof : PeerTries.cases()) {
      for (int node = 0; node < proof.nodes().size(); node++) {
        byte[] content = proof.nodes().get(node).toArray();
        int step = Math.max(1, content.length / 97);
        for (int at = 0; at < content.length; at += step) {
          content[at] ^= (byte) (1 << (flips % 8));
          List<Bytes> nodes = new ArrayList<>(proof.nodes());
          nodes.set(node, Bytes.of(content));
          assertThat(refusalOf(proof.with(nodes))).isInstanceOf(TrieRefusal.class);
          content[at] ^= (byte) (1 << (flips % 8));
          flips++;
        }
      }
    }
    assertThat(flips).isGreaterThan(10_000);
  }

  @Test
  void refusesEveryNodeLeftOut() {
    for (PeerTries.Case proof : longOnes()) {
      PeerTries.Case bare = proof.withoutEmbedded();
      for (int node = 0; node < bare.nodes().size(); node++) {
        List<Bytes> nodes = new ArrayList<>(bare.nodes());
        nodes.remove(node);
        boolean last = node == bare.nodes().size() - 1;
        assertThat(refusalOf(bare.with(nodes)))
            .isEqualTo(last ? TrieRefusal.NODE_MISSING : TrieRefusal.NODE_HASH);
      }
    }
  }

  @Test
  void refusesNodesThatTheWayDoesNotTouch() {
    for (PeerTries.Case proof : PeerTries.cases()) {
      List<Bytes> nodes = new ArrayList<>(proof.nodes());
      nodes.add(Bytes.fromHex("c22001"));
      assertThat(refusalOf(proof.with(nodes))).isEqualTo(TrieRefusal.NODE_EXTRA);
    }
  }

  @Test
  void refusesNodesTwiceAndInAnotherOrder() {
    for (PeerTries.Case proof : longOnes()) {
      List<Bytes> twice = new ArrayList<>(proof.nodes());
      twice.addFirst(twice.getFirst());
      assertThat(refusalOf(proof.with(twice))).isInstanceOf(TrieRefusal.class);
      List<Bytes> reversed = new ArrayList<>(proof.nodes());
      Collections.reverse(reversed);
      assertThat(refusalOf(proof.with(reversed))).isEqualTo(TrieRefusal.NODE_HASH);
    }
  }

  @Test
  void refusesAnotherRoot() {
    for (PeerTries.Case proof : longOnes()) {
      Word other = new Word(proof.key().value());
      assertThat(refusalOf(new PeerTries.Case(other, proof.key(), proof.value(), proof.nodes())))
          .isEqualTo(TrieRefusal.NODE_HASH);
    }
  }

  /** Proofs about one key that are given for another show the truth about it or nothing at all. */
  @Test
  void neverShowsAnythingWrongAboutAStoredKey() {
    int refused = 0;
    for (PeerTries.Case truth : PeerTries.cases()) {
      for (PeerTries.Case other : PeerTries.cases()) {
        if (other.root().equals(truth.root()) && !other.key().equals(truth.key())) {
          refused += isRefusedOrTrue(truth, other) ? 1 : 0;
        }
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  private static boolean isRefusedOrTrue(PeerTries.Case truth, PeerTries.Case other) {
    try {
      assertThat(truth.with(other.nodes()).verify()).isEqualTo(truth.value());
      return false;
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(TrieRefusal.class);
      return true;
    }
  }

  @Test
  void showsThatNothingIsStoredInAnEmptyTrie() {
    Word key = Word.ZERO;
    Word empty = TrieProof.EMPTY_ROOT;
    assertThat(empty.value().hex())
        .isEqualTo("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
    assertThat(TrieProof.value(empty, key, List.of())).isEmpty();
    assertThat(TrieProof.value(empty, key, List.of(Bytes.fromHex("80")))).isEmpty();
    assertThatThrownBy(() -> TrieProof.value(empty, key, List.of(Bytes.fromHex("c0"))))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TrieRefusal.NODE_EXTRA));
  }

  @Test
  void refusesNoNodesForATrieThatIsNotEmpty() {
    PeerTries.Case proof = longOnes().getFirst();
    assertThat(refusalOf(proof.with(List.of()))).isEqualTo(TrieRefusal.NODE_MISSING);
  }

  @Test
  void refusesMoreAndLargerNodesThanAnyProofHas() {
    PeerTries.Case proof = longOnes().getFirst();
    Bytes large = Bytes.zeros(ProofNodes.MAX_NODE_BYTES + 1);
    assertThat(refusalOf(proof.with(List.of(large)))).isEqualTo(TrieRefusal.TOO_LARGE);
    List<Bytes> many = Collections.nCopies(ProofNodes.MAX_NODES + 1, Bytes.fromHex("80"));
    assertThat(refusalOf(proof.with(many))).isEqualTo(TrieRefusal.TOO_LARGE);
  }

  @Test
  void refusesANodeWhoseEncodingIsNotCanonicalThoughItsHashFits() {
    Bytes node = Bytes.fromHex("c3200181" + "7f");
    Word root = new Word(dstack.kms.core.crypto.Keccak.keccak256(node));
    assertThatThrownBy(() -> TrieProof.value(root, Word.ZERO, List.of(node)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isInstanceOf(RlpRefusal.class));
  }
}
