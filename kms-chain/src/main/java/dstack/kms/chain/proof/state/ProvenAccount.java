package dstack.kms.chain.proof.state;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.header.VerifiedHeader;
import java.util.List;
import java.util.Map;

/** What an account and some words of its storage hold at one block, beyond doubt. */
public final class ProvenAccount {
  private final Address address;
  private final AccountState state;
  private final Map<Word, Word> storage;

  ProvenAccount(Address address, AccountState state, Map<Word, Word> storage) {
    this.address = address;
    this.state = state;
    this.storage = Map.copyOf(storage);
  }

  /**
   * What the answer proves.
   *
   * @param header of the block that was asked about
   * @param address the account that was asked for
   * @param keys the storage words that were asked for
   * @param answer what was answered
   */
  public static ProvenAccount verify(
      VerifiedHeader header, Address address, List<Word> keys, UnverifiedAccount answer) {
    return new AccountVerification(header, address, keys, answer).verified();
  }

  /** The account. */
  public Address address() {
    return address;
  }

  /** Whether there is code at the address. */
  public boolean hasCode() {
    return !state.codeHash().equals(AccountState.NO_CODE);
  }

  /** Keccak-256 of the code; that of no bytes where there is none. */
  public Word codeHash() {
    return state.codeHash();
  }

  /**
   * A word of storage, zero where nothing was ever stored.
   *
   * @throws IllegalArgumentException if it was not asked for: what is not proved is not zero
   */
  public Word storage(Word key) {
    Word value = storage.get(key);
    if (value == null) {
      throw new IllegalArgumentException("storage word " + key + " was not asked for");
    }
    return value;
  }
}
