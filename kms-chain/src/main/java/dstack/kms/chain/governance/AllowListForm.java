package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Function;
import dstack.kms.chain.calldata.View;
import java.util.List;

/**
 * How one allow-list of a contract is changed and read.
 *
 * @param entry what stands in it, for people: an article and a noun
 * @param add takes an entry in
 * @param remove takes it out
 * @param view says whether it is in
 */
record AllowListForm(String entry, Function add, Function remove, View view) {
  /** Takes in what a list may hold. */
  Task allow(Address contract, PolicyHash hash, String where) {
    return change("allow " + entry, add, contract, hash.word(), true, where);
  }

  /** Takes anything out, also what should never have been in. */
  Task disallow(Address contract, Word hash, String where) {
    return change("no longer allow " + entry, remove, contract, hash, false, where);
  }

  private Task change(
      String title, Function function, Address contract, Word hash, boolean allowed, String where) {
    AbiValue value = AbiValue.of(hash);
    return Task.of(
        title + " " + hash + where,
        function.on(contract, value),
        new Expectation(new Fact.Answer(contract, view, List.of(value)), AbiValue.of(allowed)));
  }
}
