package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;

/**
 * Decoded values by position, as the types that their signature promises.
 *
 * @param values in order
 */
public record Arguments(List<AbiValue> values) {
  /** Keeps a copy. */
  public Arguments {
    values = List.copyOf(values);
  }

  /** The account at the position. */
  public Address account(int position) {
    return ((AbiValue.Account) values.get(position)).value();
  }

  /** The number at the position. */
  public BigInteger number(int position) {
    return ((AbiValue.Num) values.get(position)).value();
  }

  /** The flag at the position. */
  public boolean flag(int position) {
    return ((AbiValue.Flag) values.get(position)).value();
  }

  /** The {@code bytes32} at the position. */
  public Word word(int position) {
    return new Word(((AbiValue.Hash) values.get(position)).value());
  }

  /** The bytes at the position. */
  public Bytes data(int position) {
    return ((AbiValue.Data) values.get(position)).value();
  }

  /** The text at the position. */
  public String text(int position) {
    return ((AbiValue.Text) values.get(position)).value();
  }

  /** The list or tuple at the position. */
  public Arguments items(int position) {
    return new Arguments(((AbiValue.Items) values.get(position)).values());
  }
}
