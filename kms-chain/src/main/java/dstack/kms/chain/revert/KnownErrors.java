package dstack.kms.chain.revert;

import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Phrase;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The errors with an id of 4 bytes (specifications 20 §4, §5 and §7.4). */
final class KnownErrors {
  private static final String TEXT = "Error";

  private static final Map<Bytes, Phrase> BY_ID =
      Stream.of(
              Phrase.of("Error(string reason)", "{reason}"),
              Phrase.of("Panic(uint256 code)", "the contract's code failed with panic {code}"),
              Phrase.of(
                  "OwnableUnauthorizedAccount(address account)",
                  "{account} is not the owner of the contract"),
              Phrase.of("OwnableInvalidOwner(address owner)", "{owner} cannot own the contract"),
              Phrase.of(
                  "InvalidInitialization()",
                  "the contract is set up already, or is an implementation without a proxy"),
              Phrase.of("NotInitializing()", "the contract is not being set up"),
              Phrase.of(
                  "UUPSUnauthorizedCallContext()",
                  "upgrades go through the proxy, not to the implementation"),
              Phrase.of(
                  "UUPSUnsupportedProxiableUUID(bytes32 slot)",
                  "the new implementation keeps its address in another slot, {slot}"),
              Phrase.of(
                  "ERC1967InvalidImplementation(address implementation)",
                  "{implementation} is no upgradeable implementation"),
              Phrase.of("ERC1967NonPayable()", "an upgrade without a call takes no money"),
              Phrase.of("AddressEmptyCode(address target)", "there is no contract at {target}"),
              Phrase.of(
                  "FailedCall()",
                  "an inner call failed without a reason: its target may lack the function or be"
                      + " of another version"),
              Phrase.of(
                  "TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)",
                  "the operation {operationId} is not in a state for this"),
              Phrase.of(
                  "TimelockInsufficientDelay(uint256 delay, uint256 minDelay)",
                  "a delay of {delay} seconds is shorter than the timelock's least, {minDelay}"),
              Phrase.of(
                  "TimelockUnexecutedPredecessor(bytes32 predecessorId)",
                  "the operation {predecessorId} has to be executed before"),
              Phrase.of(
                  "TimelockUnauthorizedCaller(address caller)",
                  "only the timelock itself may do this, not {caller}"),
              Phrase.of(
                  "TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256"
                      + " values)",
                  "a batch with {targets} targets, {payloads} payloads and {values} values"),
              Phrase.of(
                  "AccessControlUnauthorizedAccount(address account, bytes32 neededRole)",
                  "{account} does not have the role {neededRole}"),
              Phrase.of(
                  "AccessControlBadConfirmation()", "a role can be given up by its holder only"))
          .collect(
              Collectors.toUnmodifiableMap(error -> error.signature().selector(), error -> error));

  private KnownErrors() {}

  static Optional<Phrase> of(Bytes id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  /** The sentence, and the error as it is called. */
  static String words(Phrase error, List<AbiValue> values) {
    return switch (error.signature().name()) {
      case TEXT -> RevertTexts.words(values.getFirst());
      case "TimelockUnexpectedOperationState" ->
          TimelockStates.words(values.get(0), values.get(1)) + named(error);
      case "AccessControlUnauthorizedAccount" ->
          values.get(0).words()
              + " does not have the role "
              + Roles.name(values.get(1))
              + named(error);
      default -> error.about(values) + named(error);
    };
  }

  private static String named(Phrase error) {
    return " (" + error.signature().name() + ")";
  }
}
