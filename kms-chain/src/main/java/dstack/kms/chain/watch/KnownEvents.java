package dstack.kms.chain.watch;

import static dstack.kms.chain.watch.Concern.OWNERSHIP;
import static dstack.kms.chain.watch.Concern.POLICY;
import static dstack.kms.chain.watch.Concern.TIMELOCK;
import static dstack.kms.chain.watch.Concern.UPGRADE;

import dstack.kms.chain.account.Word;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every event that can be read, in each form that a version of its contract emits. */
final class KnownEvents {
  private static final List<EventForm> POLICY_EVENTS =
      List.of(
          form(POLICY, "AppRegistered(address appId)", "the app {appId} was registered"),
          form(
              POLICY,
              "AppDeployedViaFactory(address indexed appId, address indexed deployer)",
              "{deployer} deployed the app {appId}"),
          form(POLICY, "KmsInfoSet(bytes k256Pubkey)", "the KMS's keys are now {k256Pubkey}"),
          form(POLICY, "KmsAggregatedMrAdded(bytes32 mr)", "KMS measurement {mr} is allowed"),
          form(POLICY, "KmsAggregatedMrRemoved(bytes32 mr)", "KMS measurement {mr} is not allowed"),
          form(POLICY, "KmsDeviceAdded(bytes32 device)", "KMS device {device} is allowed"),
          form(POLICY, "KmsDeviceRemoved(bytes32 device)", "KMS device {device} is not allowed"),
          form(POLICY, "OsImageHashAdded(bytes32 image)", "OS image {image} is allowed"),
          form(POLICY, "OsImageHashRemoved(bytes32 image)", "OS image {image} is not allowed"),
          form(POLICY, "GatewayAppIdSet(string id)", "the gateway's app id is now {id}"),
          form(
              POLICY,
              "AppImplementationSet(address implementation)",
              "new apps run the code of {implementation}"),
          form(POLICY, "ComposeHashAdded(bytes32 hash)", "compose hash {hash} is allowed"),
          form(POLICY, "ComposeHashRemoved(bytes32 hash)", "compose hash {hash} is not allowed"),
          form(POLICY, "DeviceAdded(bytes32 device)", "device {device} is allowed"),
          form(POLICY, "DeviceRemoved(bytes32 device)", "device {device} is not allowed"),
          form(POLICY, "AllowAnyDeviceSet(bool allowed)", "any device is allowed: {allowed}"),
          form(
              POLICY,
              "RequireTcbUpToDateSet(bool required)",
              "an up-to-date TCB is required: {required}"),
          form(
              POLICY,
              "PolicyChanged(address indexed actor, bytes32 indexed policy, bytes32 indexed value,"
                  + " bool enabled)",
              "{actor} changed the policy {policy} for {value}: {enabled}"));

  private static final List<EventForm> OWNER_EVENTS =
      List.of(
          form(
              OWNERSHIP,
              "OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)",
              "{previousOwner} offers the ownership to {newOwner}"),
          form(
              OWNERSHIP,
              "OwnershipTransferred(address indexed previousOwner, address indexed newOwner)",
              "the owner is now {newOwner}, before it was {previousOwner}"),
          form(
              UPGRADE,
              "Upgraded(address indexed implementation)",
              "the contract runs the code of {implementation}"),
          form(
              UPGRADE, "Initialized(uint64 version)", "the contract was set up, version {version}"),
          form(UPGRADE, "UpgradesDisabled()", "the contract cannot be upgraded any more"));

  private static final List<EventForm> TIMELOCK_EVENTS =
      List.of(
          form(
              TIMELOCK,
              "CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256"
                  + " value, bytes data, bytes32 predecessor, uint256 delay)",
              "call {index} of the operation {id} can be executed in {delay} seconds"),
          form(
              TIMELOCK,
              "CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256"
                  + " value, bytes data)",
              "call {index} of the operation {id} was executed"),
          form(
              TIMELOCK,
              "CallSalt(bytes32 indexed id, bytes32 salt)",
              "the operation {id} has the salt {salt}"),
          form(TIMELOCK, "Cancelled(bytes32 indexed id)", "the operation {id} was cancelled"),
          form(
              TIMELOCK,
              "MinDelayChange(uint256 before, uint256 now)",
              "the least delay is now {now} seconds, before it was {before}"),
          form(
              TIMELOCK,
              "RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)",
              "{account} got the role {role} from {sender}"),
          form(
              TIMELOCK,
              "RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)",
              "{account} lost the role {role} by {sender}"),
          form(
              TIMELOCK,
              "RoleAdminChanged(bytes32 indexed role, bytes32 indexed before, bytes32 indexed now)",
              "the role {role} is given by {now}, before by {before}"));

  private static final Map<Word, List<EventForm>> BY_TOPIC =
      Stream.of(POLICY_EVENTS, OWNER_EVENTS, TIMELOCK_EVENTS, SafeEvents.ALL)
          .flatMap(List::stream)
          .collect(Collectors.groupingBy(EventForm::topic));

  private KnownEvents() {}

  private static EventForm form(Concern concern, String declaration, String meaning) {
    return EventForm.of(concern, declaration, meaning);
  }

  /** The form of an event; empty if nothing like it is known. */
  static Optional<EventForm> of(ChainEvent event) {
    if (event.topics().isEmpty()) {
      return Optional.empty();
    }
    return BY_TOPIC.getOrDefault(event.topics().getFirst(), List.of()).stream()
        .filter(form -> form.hasTopics(event.topics().size()))
        .findFirst();
  }

  /** All forms, for tests that hold them to the published interfaces. */
  static List<EventForm> all() {
    return BY_TOPIC.values().stream().flatMap(List::stream).toList();
  }
}
