package dstack.kms.chain.calldata;

import java.util.List;

/** What changes a DstackApp (specification 20 §3). */
public final class AppFunctions {
  public static final Function ADD_COMPOSE_HASH =
      app(
          "addComposeHash(bytes32 composeHash)",
          "the app may run with the compose hash {composeHash}");
  public static final Function REMOVE_COMPOSE_HASH =
      app(
          "removeComposeHash(bytes32 composeHash)",
          "the app may no longer run with the compose hash {composeHash}");
  public static final Function ADD_DEVICE =
      app("addDevice(bytes32 deviceId)", "the app may run on the device {deviceId}");
  public static final Function REMOVE_DEVICE =
      app("removeDevice(bytes32 deviceId)", "the app may no longer run on the device {deviceId}");
  public static final Function SET_ALLOW_ANY_DEVICE =
      app(
          "setAllowAnyDevice(bool allowAnyDevice)",
          "that the app may run on any device becomes {allowAnyDevice}");
  public static final Function SET_REQUIRE_TCB_UP_TO_DATE =
      app(
          "setRequireTcbUpToDate(bool requireTcbUpToDate)",
          "that the app needs a platform whose TCB is up to date becomes {requireTcbUpToDate}");
  public static final Function DISABLE_UPGRADES =
      app("disableUpgrades()", "the app's code can never be upgraded again");
  public static final Function INITIALIZE_5 =
      app(
          "initialize(address initialOwner, bool disableUpgrades, bool allowAnyDevice, bytes32"
              + " initialDeviceId, bytes32 initialComposeHash)",
          "a new app is set up with the owner {initialOwner}");
  public static final Function INITIALIZE_6 =
      app(
          "initialize(address initialOwner, bool disableUpgrades, bool requireTcbUpToDate, bool"
              + " allowAnyDevice, bytes32 initialDeviceId, bytes32 initialComposeHash)",
          "a new app is set up with the owner {initialOwner}");

  static final List<Function> ALL =
      List.of(
          ADD_COMPOSE_HASH,
          REMOVE_COMPOSE_HASH,
          ADD_DEVICE,
          REMOVE_DEVICE,
          SET_ALLOW_ANY_DEVICE,
          SET_REQUIRE_TCB_UP_TO_DATE,
          DISABLE_UPGRADES,
          INITIALIZE_5,
          INITIALIZE_6);

  private AppFunctions() {}

  private static Function app(String signature, String meaning) {
    return Function.of("DstackApp", signature, meaning);
  }
}
