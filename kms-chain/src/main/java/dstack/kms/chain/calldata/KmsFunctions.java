package dstack.kms.chain.calldata;

import java.util.List;

/** What changes a DstackKms (specification 20 §2.1). */
public final class KmsFunctions {
  public static final Function ADD_OS_IMAGE =
      kms("addOsImageHash(bytes32 osImageHash)", "the OS image {osImageHash} becomes allowed");
  public static final Function REMOVE_OS_IMAGE =
      kms(
          "removeOsImageHash(bytes32 osImageHash)",
          "the OS image {osImageHash} is allowed no longer");
  public static final Function ADD_AGGREGATED_MR =
      kms(
          "addKmsAggregatedMr(bytes32 mrAggregated)",
          "key servers with the aggregated measurement {mrAggregated} become allowed");
  public static final Function REMOVE_AGGREGATED_MR =
      kms(
          "removeKmsAggregatedMr(bytes32 mrAggregated)",
          "key servers with the aggregated measurement {mrAggregated} are allowed no longer");
  public static final Function ADD_DEVICE =
      kms("addKmsDevice(bytes32 deviceId)", "key servers on the device {deviceId} become allowed");
  public static final Function REMOVE_DEVICE =
      kms(
          "removeKmsDevice(bytes32 deviceId)",
          "key servers on the device {deviceId} are allowed no longer");
  public static final Function SET_GATEWAY_APP_ID =
      kms("setGatewayAppId(string appId)", "the gateway app id becomes {appId}");
  public static final Function SET_KMS_INFO =
      kms(
          "setKmsInfo((bytes k256Pubkey, bytes caPubkey, bytes quote, bytes eventlog) info)",
          "public keys, quote and event log that the contract shows become {info}");
  public static final Function SET_KMS_QUOTE =
      kms("setKmsQuote(bytes quote)", "the quote that the contract shows becomes {quote}");
  public static final Function SET_KMS_EVENTLOG =
      kms(
          "setKmsEventlog(bytes eventlog)",
          "the event log that the contract shows becomes {eventlog}");
  public static final Function SET_APP_IMPLEMENTATION =
      kms(
          "setAppImplementation(address implementation)",
          "apps created from now on run the code of {implementation}");
  public static final Function REGISTER_APP =
      kms("registerApp(address appId)", "the contract {appId} becomes a registered app");
  public static final Function DEPLOY_APP_5 =
      kms(
          "deployAndRegisterApp(address initialOwner, bool disableUpgrades, bool allowAnyDevice,"
              + " bytes32 initialDeviceId, bytes32 initialComposeHash)",
          "a new app of the owner {initialOwner} is created and registered (upgrades disabled:"
              + " {disableUpgrades}, any device: {allowAnyDevice}, device {initialDeviceId},"
              + " compose hash {initialComposeHash})");
  public static final Function DEPLOY_APP_6 =
      kms(
          "deployAndRegisterApp(address initialOwner, bool disableUpgrades, bool"
              + " requireTcbUpToDate, bool allowAnyDevice, bytes32 initialDeviceId, bytes32"
              + " initialComposeHash)",
          "a new app of the owner {initialOwner} is created and registered (upgrades disabled:"
              + " {disableUpgrades}, up-to-date TCB required: {requireTcbUpToDate}, any device:"
              + " {allowAnyDevice}, device {initialDeviceId}, compose hash {initialComposeHash})");
  public static final Function INITIALIZE =
      kms(
          "initialize(address initialOwner, address appImplementation)",
          "a new contract is set up with the owner {initialOwner} and the app implementation"
              + " {appImplementation}");

  static final List<Function> ALL =
      List.of(
          ADD_OS_IMAGE,
          REMOVE_OS_IMAGE,
          ADD_AGGREGATED_MR,
          REMOVE_AGGREGATED_MR,
          ADD_DEVICE,
          REMOVE_DEVICE,
          SET_GATEWAY_APP_ID,
          SET_KMS_INFO,
          SET_KMS_QUOTE,
          SET_KMS_EVENTLOG,
          SET_APP_IMPLEMENTATION,
          REGISTER_APP,
          DEPLOY_APP_5,
          DEPLOY_APP_6,
          INITIALIZE);

  private KmsFunctions() {}

  private static Function kms(String signature, String meaning) {
    return Function.of("DstackKms", signature, meaning);
  }
}
