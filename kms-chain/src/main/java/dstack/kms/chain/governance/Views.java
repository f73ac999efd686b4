package dstack.kms.chain.governance;

import dstack.kms.chain.calldata.View;

/** The reads of the contracts that governance is about (specification 20 §2 to §4). */
public final class Views {
  public static final View ALLOWED_OS_IMAGES = View.of("allowedOsImages(bytes32)", "(bool)");
  public static final View ALLOWED_AGGREGATED_MRS =
      View.of("kmsAllowedAggregatedMrs(bytes32)", "(bool)");
  public static final View ALLOWED_KMS_DEVICES = View.of("kmsAllowedDeviceIds(bytes32)", "(bool)");
  public static final View GATEWAY_APP_ID = View.of("gatewayAppId()", "(string)");
  public static final View KMS_INFO =
      View.of("kmsInfo()", "(bytes k256Pubkey, bytes caPubkey, bytes quote, bytes eventlog)");
  public static final View APP_IMPLEMENTATION = View.of("appImplementation()", "(address)");
  public static final View REGISTERED_APPS = View.of("registeredApps(address)", "(bool)");

  public static final View ALLOWED_COMPOSE_HASHES =
      View.of("allowedComposeHashes(bytes32)", "(bool)");
  public static final View ALLOWED_DEVICES = View.of("allowedDeviceIds(bytes32)", "(bool)");
  public static final View ALLOW_ANY_DEVICE = View.of("allowAnyDevice()", "(bool)");
  public static final View REQUIRE_TCB_UP_TO_DATE = View.of("requireTcbUpToDate()", "(bool)");
  public static final View VERSION = View.of("version()", "(uint256)");

  public static final View OWNER = View.of("owner()", "(address)");
  public static final View PENDING_OWNER = View.of("pendingOwner()", "(address)");
  public static final View PROXIABLE_UUID = View.of("proxiableUUID()", "(bytes32)");

  private Views() {}
}
