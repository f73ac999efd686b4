package dstack.kms.chain.proof.trie;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tries and proofs made by an implementation of others (ethereumjs): sizes from none to 300 keys,
 * keys far apart, with a long common beginning, and that differ in the last byte only, so that
 * nodes of every kind occur, embedded ones included.
 */
final class PeerTries {
  private static final String SCRIPT =
      """
      import { MerklePatriciaTrie, createMerkleProof } from '@ethereumjs/mpt';
      let state = 42;
      const random = (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return (state >>> 8) % n; };
      const bytes = (n) => Uint8Array.from({ length: n }, () => random(256));
      const hex = (b) => Buffer.from(b).toString('hex');
      const near = (key) => {
        const k = key.slice(); k[random(32)] ^= 1 << random(8); return k; };
      const all = [];
      for (const size of [0, 1, 2, 3, 4, 7, 16, 50, 300]) {
        for (const shared of [0, 1, 12, 30, 31]) {
          const trie = new MerklePatriciaTrie({ useKeyHashing: false });
          const start = bytes(32);
          const stored = new Map();
          for (let i = 0; i < size; i++) {
            const key = bytes(32); key.set(start.slice(0, shared));
            const value = bytes(1 + random([1, 33, 110][random(3)]));
            await trie.put(key, value); stored.set(hex(key), hex(value));
          }
          const keys = [...stored.keys()];
          const asked = [...keys.slice(0, 3), hex(bytes(32))];
          for (const key of keys.slice(0, 5)) asked.push(hex(near(Buffer.from(key, 'hex'))));
          for (const key of asked) {
            const proof = await createMerkleProof(trie, Buffer.from(key, 'hex'));
            all.push({ root: hex(trie.root()), key, value: stored.get(key) ?? null,
                proof: proof.map(hex) });
          }
        }
      }
      console.log(JSON.stringify(all));
      """;

  private static final List<Case> CASES = read();

  /**
   * One proof.
   *
   * @param root of the trie
   * @param key asked for
   * @param value stored under it
   * @param nodes the proof; embedded nodes are listed too
   */
  record Case(Word root, Word key, Optional<Bytes> value, List<Bytes> nodes) {
    /** As other clients show it: embedded nodes only inside the one that holds them. */
    Case withoutEmbedded() {
      List<Bytes> kept = new ArrayList<>();
      for (Bytes node : nodes) {
        if (kept.isEmpty() || node.length() >= 32) {
          kept.add(node);
        }
      }
      return new Case(root, key, value, kept);
    }

    Case with(List<Bytes> other) {
      return new Case(root, key, value, other);
    }

    Optional<Bytes> verify() {
      return TrieProof.value(root, key, nodes);
    }
  }

  private PeerTries() {}

  static List<Case> cases() {
    return CASES;
  }

  private static List<Case> read() {
    List<Case> cases = new ArrayList<>();
    for (JsonNode found : JsonMapper.shared().readTree(Node.run(SCRIPT))) {
      cases.add(
          new Case(
              Word.parse(found.get("root").stringValue()),
              Word.parse(found.get("key").stringValue()),
              Optional.of(found.get("value"))
                  .filter(JsonNode::isString)
                  .map(value -> Bytes.fromHex(value.stringValue())),
              found.get("proof").valueStream().map(n -> Bytes.fromHex(n.stringValue())).toList()));
    }
    return List.copyOf(cases);
  }
}
