package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.AnvilRpc;
import dstack.kms.chain.proof.header.VerifiedHeader;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.chain.proof.state.UnverifiedAccount;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** An account of a real chain whose storage a test writes as it likes, and its proof. */
final class Proven {
  private static final Address AT = Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");

  private Proven() {}

  /** Stores those words and proves these. */
  static ProvenAccount of(AnvilRpc chain, List<Word> keys, Word... keysAndValues) {
    chain.call("anvil_setCode", AT.lowerCase(), "0x00");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      chain.store(AT, keysAndValues[i], keysAndValues[i + 1]);
    }
    JsonNode block = chain.mine();
    Word hash = Word.parse(block.get("hash").stringValue());
    return ProvenAccount.verify(
        VerifiedHeader.of(hash, block),
        AT,
        keys,
        UnverifiedAccount.parse(chain.proof(AT, keys, block)));
  }
}
