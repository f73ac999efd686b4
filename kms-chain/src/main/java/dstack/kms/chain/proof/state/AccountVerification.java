package dstack.kms.chain.proof.state;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.header.VerifiedHeader;
import dstack.kms.chain.proof.rlp.RlpDecoder;
import dstack.kms.chain.proof.trie.TrieProof;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Verifies one answer step by step (specification 21 §8.3, steps 2 to 4).
 *
 * <p>What the answer says in clear is compared with what its proof says. Only the proof counts, but
 * an endpoint whose words differ from it is not one to go on with.
 */
final class AccountVerification {
  private final VerifiedHeader header;
  private final Address address;
  private final List<Word> keys;
  private final UnverifiedAccount answer;

  AccountVerification(
      VerifiedHeader header, Address address, List<Word> keys, UnverifiedAccount answer) {
    this.header = header;
    this.address = address;
    this.keys = List.copyOf(keys);
    this.answer = answer;
  }

  ProvenAccount verified() {
    requireAskedAccount();
    requireAskedKeys();
    AccountState state = Step.named("account " + address, this::account);
    Map<Word, Word> storage = new LinkedHashMap<>();
    for (UnverifiedAccount.Slot slot : answer.slots()) {
      String where = "account " + address + ": storage " + slot.key();
      storage.put(slot.key(), Step.named(where, () -> word(state.storageRoot(), slot)));
    }
    return new ProvenAccount(address, state, storage);
  }

  private void requireAskedAccount() {
    if (!answer.address().equals(address)) {
      throw new RefusalException(
          StateRefusal.OTHER_ACCOUNT,
          "asked for a proof about " + address + ", the answer is about " + answer.address());
    }
  }

  /** In the order of the question, each once: clients answer so. */
  private void requireAskedKeys() {
    List<Word> answered = answer.slots().stream().map(UnverifiedAccount.Slot::key).toList();
    if (!answered.equals(keys)) {
      throw new RefusalException(
          StateRefusal.SLOTS,
          "asked for storage " + keys + " of " + address + ", the answer has " + answered);
    }
  }

  private AccountState account() {
    Word key = new Word(Keccak.keccak256(address.value()));
    AccountState proven =
        TrieProof.value(header.stateRoot(), key, answer.proof())
            .map(AccountState::decode)
            .orElse(AccountState.NONE);
    AccountState claimed = proven.equals(AccountState.NONE) ? filled(answer) : answer.claimed();
    if (!claimed.equals(proven)) {
      throw new RefusalException(
          StateRefusal.ACCOUNT_DIFFERS,
          "the answer says " + answer.claimed() + ", its proof " + proven);
    }
    return proven;
  }

  /** Of an account that does not exist some clients say that its hashes are zero. */
  private static AccountState filled(UnverifiedAccount answer) {
    AccountState said = answer.claimed();
    return new AccountState(
        said.nonce(),
        said.balance(),
        said.storageRoot().isZero() ? TrieProof.EMPTY_ROOT : said.storageRoot(),
        said.codeHash().isZero() ? AccountState.NO_CODE : said.codeHash());
  }

  private static Word word(Word storageRoot, UnverifiedAccount.Slot slot) {
    Word key = new Word(Keccak.keccak256(slot.key().value()));
    Word proven =
        TrieProof.value(storageRoot, key, slot.proof())
            .map(AccountVerification::number)
            .orElse(Word.ZERO);
    if (!proven.equals(slot.value())) {
      throw new RefusalException(
          StateRefusal.VALUE_DIFFERS, "the answer says " + slot.value() + ", its proof " + proven);
    }
    return proven;
  }

  /** A word that became zero leaves the trie of most clients; some keep it there as zero. */
  private static Word number(Bytes value) {
    BigInteger number = RlpDecoder.decode(value).number();
    if (number.bitLength() > 256) {
      throw new RefusalException(
          StateRefusal.VALUE_SHAPE, "what stands in the storage trie is no word: " + value);
    }
    return Word.of(number);
  }
}
