package dstack.kms.chain.revert;

import dstack.kms.chain.calldata.AbiValue;
import java.util.Map;
import java.util.Optional;

/** The reasons that contracts give as texts. */
final class RevertTexts {
  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("Ownable: caller is not the owner", "the caller is not the owner"),
          Map.entry(
              "TimelockController: operation already scheduled",
              "the operation is scheduled already: another salt makes another operation"),
          Map.entry(
              "TimelockController: operation is not ready",
              "the operation was not scheduled, its delay is not over, or it was executed"),
          Map.entry(
              "TimelockController: operation cannot be cancelled",
              "the operation is not scheduled, or was executed already"),
          Map.entry(
              "TimelockController: insufficient delay",
              "the delay is shorter than the timelock's least"),
          Map.entry(
              "TimelockController: missing dependency",
              "the operation before it has to be executed first"),
          Map.entry(
              "TimelockController: caller must be timelock",
              "only the timelock itself may do this"),
          Map.entry("TimelockController: length mismatch", "the lists of a batch differ in length"),
          Map.entry("TimelockController: underlying transaction reverted", "an inner call failed"),
          Map.entry("Invalid app ID", "the app's address is zero"),
          Map.entry("Invalid implementation address", "the implementation's address is zero"),
          Map.entry(
              "DstackApp implementation not set",
              "the contract knows no app implementation: set it first"),
          Map.entry("Invalid owner address", "the app's owner is zero"),
          Map.entry("invalid owner address", "the app's owner is zero"),
          Map.entry("invalid compose hash", "the compose hash is zero"),
          Map.entry("invalid device ID", "the device id is zero"),
          Map.entry(
              "Upgrades are permanently disabled", "the app was made unchangeable by its owner"),
          Map.entry("GS000", "the Safe could not finish its set-up"),
          Map.entry("GS001", "the Safe has no threshold: it was not set up"),
          Map.entry("GS010", "not enough gas to execute the Safe's transaction"),
          Map.entry("GS011", "the Safe could not pay for gas in ether"),
          Map.entry("GS012", "the Safe could not pay for gas in its token"),
          Map.entry("GS013", "the call that the Safe made failed, and nothing of it took effect"),
          Map.entry("GS020", "there are fewer signatures than the Safe's threshold"),
          Map.entry("GS021", "a contract's signature points into the fixed part"),
          Map.entry("GS022", "a contract's signature points beyond the end"),
          Map.entry("GS023", "a contract's signature is cut off"),
          Map.entry("GS024", "a contract that is an owner did not confirm its signature"),
          Map.entry("GS025", "an owner has not approved the hash"),
          Map.entry(
              "GS026",
              "a signature is not of an owner, or they are not sorted by owner, or the Safe's"
                  + " nonce or chain differ from what was signed"),
          Map.entry("GS027", "the hash and what it is the hash of differ"),
          Map.entry("GS030", "only an owner of the Safe can approve a hash"),
          Map.entry("GS031", "only the Safe itself may do this"));

  private RevertTexts() {}

  static String words(AbiValue reason) {
    String text = ((AbiValue.Text) reason).value();
    return meaning(text).map(found -> found + " (" + reason.words() + ")").orElse(reason.words());
  }

  private static Optional<String> meaning(String text) {
    if (text.startsWith("AccessControl: account ")) {
      return Optional.of("an account does not have the role that this needs");
    }
    return Optional.ofNullable(MEANINGS.get(text));
  }
}
