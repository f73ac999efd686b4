package dstack.kms.chain.timelock;

import dstack.kms.chain.calldata.View;

/** What a TimelockController can be asked. */
final class TimelockViews {
  static final View HASH =
      View.of(
          "hashOperation(address target, uint256 value, bytes data, bytes32 predecessor,"
              + " bytes32 salt)",
          "(bytes32)");
  static final View HASH_BATCH =
      View.of(
          "hashOperationBatch(address[] targets, uint256[] values, bytes[] payloads,"
              + " bytes32 predecessor, bytes32 salt)",
          "(bytes32)");
  static final View TIMESTAMP = View.of("getTimestamp(bytes32 id)", "(uint256)");
  static final View MIN_DELAY = View.of("getMinDelay()", "(uint256)");
  static final View HAS_ROLE = View.of("hasRole(bytes32 role, address account)", "(bool)");

  private TimelockViews() {}
}
