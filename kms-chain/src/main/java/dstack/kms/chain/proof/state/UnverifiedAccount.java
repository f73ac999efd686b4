package dstack.kms.chain.proof.state;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An answer to {@code eth_getProof}: what somebody says about an account.
 *
 * @param address the account
 * @param claimed what it is said to be
 * @param proof nodes of the trie of accounts from the root downwards
 * @param slots what its storage is said to hold
 */
public record UnverifiedAccount(
    Address address, AccountState claimed, List<Bytes> proof, List<Slot> slots) {
  public UnverifiedAccount {
    proof = List.copyOf(proof);
    slots = List.copyOf(slots);
  }

  /** The answer in that JSON; every member must be there and of its form. */
  public static UnverifiedAccount parse(JsonNode answer) {
    return AccountJson.parse(answer);
  }

  /**
   * One word of storage.
   *
   * @param key where it stands
   * @param value what it is said to be
   * @param proof nodes of the storage trie from the root downwards
   */
  public record Slot(Word key, Word value, List<Bytes> proof) {
    public Slot {
      proof = List.copyOf(proof);
    }
  }
}
