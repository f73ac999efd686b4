package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * A function that governance calls.
 *
 * @param contract which contracts have it, for people
 * @param phrase its signature and a sentence of what a call changes
 */
public record Function(String contract, Phrase phrase) {
  static Function of(String contract, String signature, String meaning) {
    return new Function(contract, Phrase.of(signature, meaning));
  }

  /** Name and parameters. */
  public Signature signature() {
    return phrase.signature();
  }

  /** The calldata. */
  public Bytes encode(AbiValue... arguments) {
    return signature().encode(List.of(arguments));
  }

  /** The call of a contract that moves no money. */
  public Call on(Address target, AbiValue... arguments) {
    return Call.of(target, encode(arguments));
  }
}
