package dstack.kms.chain.watch;

import java.util.List;
import java.util.stream.Stream;

/** The events of a Safe; 1.4.1 made topics of what 1.3.0 has in the data. */
final class SafeEvents {
  static final List<EventForm> ALL =
      Stream.of(
              both("ExecutionSuccess(bytes32%s txHash, uint256 payment)", "it executed {txHash}"),
              both(
                  "ExecutionFailure(bytes32%s txHash, uint256 payment)",
                  "its transaction {txHash} failed"),
              both("AddedOwner(address%s owner)", "{owner} became an owner"),
              both("RemovedOwner(address%s owner)", "{owner} is an owner no longer"),
              both(
                  "EnabledModule(address%s module)",
                  "THE MODULE {module} CAN ACT WITHOUT THE OWNERS"),
              both("DisabledModule(address%s module)", "the module {module} is switched off"),
              both("ChangedGuard(address%s guard)", "{guard} can refuse its transactions"),
              both(
                  "ChangedFallbackHandler(address%s handler)",
                  "{handler} answers what it does not itself"),
              one("ChangedThreshold(uint256 threshold)", "{threshold} owners decide"),
              one(
                  "ApproveHash(bytes32 indexed approvedHash, address indexed owner)",
                  "{owner} approved {approvedHash}"),
              one(
                  "ExecutionFromModuleSuccess(address indexed module)",
                  "THE MODULE {module} ACTED WITHOUT THE OWNERS"),
              one(
                  "ExecutionFromModuleFailure(address indexed module)",
                  "the module {module} tried to act and failed"),
              one(
                  "SafeReceived(address indexed sender, uint256 value)",
                  "it received {value} wei from {sender}"),
              one(
                  "SafeSetup(address indexed initiator, address[] owners, uint256 threshold,"
                      + " address initializer, address fallbackHandler)",
                  "it was set up: {threshold} of {owners} decide"),
              one(
                  "SafeMultiSigTransaction(address to, uint256 value, bytes data, uint8 operation,"
                      + " uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken,"
                      + " address payable, bytes signatures, bytes additionalInfo)",
                  "its owners let it call {to} with {data}"),
              one(
                  "SafeModuleTransaction(address module, address to, uint256 value, bytes data,"
                      + " uint8 operation)",
                  "THE MODULE {module} let it call {to} with {data}"))
          .flatMap(List::stream)
          .toList();

  private SafeEvents() {}

  private static List<EventForm> both(String declaration, String meaning) {
    return List.of(
        EventForm.of(Concern.SAFE, declaration.replace("%s", " indexed"), meaning),
        EventForm.of(Concern.SAFE, declaration.replace("%s", ""), meaning));
  }

  private static List<EventForm> one(String declaration, String meaning) {
    return List.of(EventForm.of(Concern.SAFE, declaration, meaning));
  }
}
