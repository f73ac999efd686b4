package dstack.kms.chain.calldata;

import java.util.List;

/** What changes a Safe, and what a Safe uses (specification 20 §8). */
public final class SafeFunctions {
  public static final Function EXEC_TRANSACTION =
      safe(
          "execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256"
              + " safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address"
              + " refundReceiver, bytes signatures)",
          "the Safe makes the call below");
  public static final Function APPROVE_HASH =
      safe(
          "approveHash(bytes32 hashToApprove)",
          "the caller approves the Safe transaction {hashToApprove}");
  public static final Function SETUP =
      safe(
          "setup(address[] owners, uint256 threshold, address to, bytes data, address"
              + " fallbackHandler, address paymentToken, uint256 payment, address"
              + " paymentReceiver)",
          "a new Safe is set up: {threshold} of the owners {owners} decide");
  public static final Function ADD_OWNER =
      safe(
          "addOwnerWithThreshold(address owner, uint256 threshold)",
          "{owner} becomes an owner of the Safe, and {threshold} owners decide");
  public static final Function REMOVE_OWNER =
      safe(
          "removeOwner(address prevOwner, address owner, uint256 threshold)",
          "{owner} is an owner of the Safe no longer, and {threshold} owners decide");
  public static final Function SWAP_OWNER =
      safe(
          "swapOwner(address prevOwner, address oldOwner, address newOwner)",
          "{newOwner} becomes an owner of the Safe in the place of {oldOwner}");
  public static final Function CHANGE_THRESHOLD =
      safe("changeThreshold(uint256 threshold)", "{threshold} owners of the Safe decide");
  public static final Function ENABLE_MODULE =
      safe(
          "enableModule(address module)",
          "THE MODULE {module} CAN ACT FOR THE SAFE WITHOUT ITS OWNERS");
  public static final Function DISABLE_MODULE =
      safe(
          "disableModule(address prevModule, address module)",
          "the module {module} can act for the Safe no longer");
  public static final Function SET_GUARD =
      safe("setGuard(address guard)", "{guard} can refuse every transaction of the Safe");
  public static final Function SET_FALLBACK_HANDLER =
      safe(
          "setFallbackHandler(address handler)",
          "{handler} answers for the Safe what the Safe itself does not");
  public static final Function CREATE_PROXY =
      Function.of(
          "SafeProxyFactory",
          "createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce)",
          "a Safe with the code of {singleton} is created");
  public static final Function MULTI_SEND =
      Function.of(
          "MultiSend", "multiSend(bytes transactions)", "the calls below are made one by one");

  static final List<Function> ALL =
      List.of(
          EXEC_TRANSACTION,
          APPROVE_HASH,
          SETUP,
          ADD_OWNER,
          REMOVE_OWNER,
          SWAP_OWNER,
          CHANGE_THRESHOLD,
          ENABLE_MODULE,
          DISABLE_MODULE,
          SET_GUARD,
          SET_FALLBACK_HANDLER,
          CREATE_PROXY,
          MULTI_SEND);

  private SafeFunctions() {}

  private static Function safe(String signature, String meaning) {
    return Function.of("Safe", signature, meaning);
  }
}
