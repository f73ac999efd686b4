package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;

/**
 * Whom a decision is about: those members of the contracts' {@code AppBootInfo} that their rules
 * read (specification 20 §1).
 *
 * @param app its id, the address of its contract
 * @param composeHash what it runs
 * @param device where
 * @param mrAggregated the digest over all measurement registers
 * @param osImage the image under it
 * @param tcbStatus the firmware's state
 */
public record Subject(
    Address app, Word composeHash, Word device, Word mrAggregated, Word osImage, String tcbStatus) {
  private static final String UP_TO_DATE = "UpToDate";

  boolean isUpToDate() {
    return tcbStatus.equals(UP_TO_DATE);
  }
}
