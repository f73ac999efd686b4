package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.KnownMultiSend;
import java.util.Optional;

/**
 * Whose code a Safe may run as itself. A hardware wallet shows the owner an address and a hash; the
 * code at an address that only the file names could take the Safe over.
 */
final class MultiSendTrust {
  private MultiSendTrust() {}

  /**
   * Refuses an address that is neither canonical nor vouched for, and one that was told in vain.
   */
  static void require(Proposal proposal, Optional<Address> vouched) {
    Optional<Address> named =
        proposal.decided().flatMap(part -> Optional.ofNullable(part.multiSend()));
    if (vouched.isPresent() && !vouched.equals(named)) {
      throw ProposalRefusal.MULTI_SEND.because(
          "--multi-send is "
              + vouched.get()
              + ", and the file "
              + named.map(address -> "names " + address).orElse("names none")
              + ": leave the option out only if the file's is canonical");
    }
    if (named.isPresent() && vouched.isEmpty() && KnownMultiSend.versionAt(named.get()).isEmpty()) {
      throw ProposalRefusal.MULTI_SEND.because(
          "the file makes the Safe run the code at "
              + named.get()
              + " as itself (DELEGATECALL), and that is no canonical MultiSendCallOnly 1.3.0 or"
              + " 1.4.1: if you know from elsewhere that it lies there, repeat it as --multi-send "
              + named.get());
    }
  }
}
