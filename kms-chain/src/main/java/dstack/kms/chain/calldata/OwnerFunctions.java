package dstack.kms.chain.calldata;

import java.util.List;

/** What every owned and upgradeable contract has (specification 20 §4 and §5). */
public final class OwnerFunctions {
  public static final Function TRANSFER_OWNERSHIP =
      owned(
          "transferOwnership(address newOwner)",
          "the contract is handed to {newOwner}, at once or when that accepts");
  public static final Function ACCEPT_OWNERSHIP =
      owned("acceptOwnership()", "the caller becomes the owner of the contract");
  public static final Function RENOUNCE_OWNERSHIP =
      owned(
          "renounceOwnership()",
          "THE CONTRACT LOSES ITS OWNER FOR GOOD: nothing of it can be changed ever again");
  public static final Function UPGRADE =
      owned(
          "upgradeToAndCall(address newImplementation, bytes data)",
          "the contract runs the code of {newImplementation} from now on");

  static final List<Function> ALL =
      List.of(TRANSFER_OWNERSHIP, ACCEPT_OWNERSHIP, RENOUNCE_OWNERSHIP, UPGRADE);

  private OwnerFunctions() {}

  private static Function owned(String signature, String meaning) {
    return Function.of("owned contract", signature, meaning);
  }
}
