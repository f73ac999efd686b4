package dstack.kms.chain.safe;

import dstack.kms.chain.calldata.View;

/** What a Safe can be asked. */
final class SafeViews {
  static final View TRANSACTION_HASH =
      View.of(
          "getTransactionHash(address to, uint256 value, bytes data, uint8 operation,"
              + " uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken,"
              + " address refundReceiver, uint256 nonce)",
          "(bytes32)");
  static final View NONCE = View.of("nonce()", "(uint256)");
  static final View THRESHOLD = View.of("getThreshold()", "(uint256)");
  static final View OWNERS = View.of("getOwners()", "(address[])");
  static final View DOMAIN = View.of("domainSeparator()", "(bytes32)");
  static final View VERSION = View.of("VERSION()", "(string)");
  static final View APPROVED = View.of("approvedHashes(address owner, bytes32 hash)", "(uint256)");
  static final View MODULES =
      View.of("getModulesPaginated(address start, uint256 size)", "(address[],address)");

  private SafeViews() {}
}
