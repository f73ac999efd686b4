package dstack.kms.chain.calldata;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * A function that is only asked.
 *
 * @param results what it answers; a constructor of Solidity would take the same
 */
public record View(Signature signature, Signature results) {
  /**
   * Reads for example {@code owner()} and {@code (address)}.
   *
   * @throws IllegalArgumentException if one is no signature
   */
  public static View of(String signature, String results) {
    return new View(Signature.parse(signature), Signature.parse("returns" + results));
  }

  /** The calldata. */
  public Bytes encode(AbiValue... arguments) {
    return signature.encode(List.of(arguments));
  }

  /** The answer's values; refuses any bytes but their canonical encoding. */
  public List<AbiValue> decode(Bytes answer) {
    return results.decodeArguments(answer);
  }
}
