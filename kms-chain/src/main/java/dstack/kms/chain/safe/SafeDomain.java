package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;

/**
 * What a signature is bound to beside the transaction: one Safe on one chain (EIP-712, Safe 1.3.0
 * and later).
 */
public record SafeDomain(BigInteger chainId, Address safe) {
  private static final Word TYPE =
      new Word(
          Keccak.keccak256(Bytes.utf8("EIP712Domain(uint256 chainId,address verifyingContract)")));

  private static final Signature STRUCT =
      Signature.parse("domain(bytes32 type, uint256 chainId, address verifyingContract)");

  /** The hash of the domain, as the contract's {@code domainSeparator()}. */
  public Word separator() {
    return new Word(
        Keccak.keccak256(
            STRUCT.encodeArguments(AbiValue.of(TYPE), AbiValue.of(chainId), AbiValue.of(safe))));
  }
}
