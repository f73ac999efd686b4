package dstack.kms.chain.calldata;

import java.util.List;

/** What changes a TimelockController (specification 20 §7). */
public final class TimelockFunctions {
  public static final Function SCHEDULE =
      timelock(
          "schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt,"
              + " uint256 delay)",
          "the call below is announced and can be executed in {delay} seconds");
  public static final Function SCHEDULE_BATCH =
      timelock(
          "scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32"
              + " predecessor, bytes32 salt, uint256 delay)",
          "the calls below are announced and can be executed together in {delay} seconds");
  public static final Function EXECUTE =
      timelock(
          "execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32"
              + " salt)",
          "the call below, which was announced, is made");
  public static final Function EXECUTE_BATCH =
      timelock(
          "executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32"
              + " predecessor, bytes32 salt)",
          "the calls below, which were announced, are made");
  public static final Function CANCEL =
      timelock("cancel(bytes32 id)", "the announced operation {id} is given up");
  public static final Function UPDATE_DELAY =
      timelock("updateDelay(uint256 newDelay)", "the least delay becomes {newDelay} seconds");
  public static final Function GRANT_ROLE =
      timelock("grantRole(bytes32 role, address account)", "{account} gets the role {role}");
  public static final Function REVOKE_ROLE =
      timelock("revokeRole(bytes32 role, address account)", "{account} loses the role {role}");
  public static final Function RENOUNCE_ROLE =
      timelock(
          "renounceRole(bytes32 role, address callerConfirmation)",
          "{callerConfirmation} gives its role {role} up");

  static final List<Function> ALL =
      List.of(
          SCHEDULE,
          SCHEDULE_BATCH,
          EXECUTE,
          EXECUTE_BATCH,
          CANCEL,
          UPDATE_DELAY,
          GRANT_ROLE,
          REVOKE_ROLE,
          RENOUNCE_ROLE);

  private TimelockFunctions() {}

  private static Function timelock(String signature, String meaning) {
    return Function.of("TimelockController", signature, meaning);
  }
}
