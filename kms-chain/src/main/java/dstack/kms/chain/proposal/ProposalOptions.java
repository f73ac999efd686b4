package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What a proposer may choose.
 *
 * @param salt by default random
 * @param predecessor the operation that must be done before; zero for none
 * @param delay in seconds, by default the least that the timelock takes
 * @param batch whether a single call becomes a batch of one as well
 * @param nonce of the Safe, by default its next one
 * @param multiSend where MultiSendCallOnly lies, by default the Safe version's canonical address
 */
public record ProposalOptions(
    Optional<Word> salt,
    Word predecessor,
    Optional<BigInteger> delay,
    boolean batch,
    Optional<BigInteger> nonce,
    Optional<Address> multiSend) {
  /** Nothing chosen. */
  public static final ProposalOptions DEFAULT =
      new ProposalOptions(
          Optional.empty(), Word.ZERO, Optional.empty(), false, Optional.empty(), Optional.empty());
}
