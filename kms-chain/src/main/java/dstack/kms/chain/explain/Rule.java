package dstack.kms.chain.explain;

/** The rules of the contracts, in the order in which the contracts go through them. */
public enum Rule {
  KMS_TCB("tcb", "TCB status is not up to date"),
  APP_REGISTERED("registered", "App not registered"),
  OS_IMAGE("image", "OS image is not allowed"),
  KMS_MEASUREMENT("mr", "Aggregated MR not allowed"),
  KMS_DEVICE("device", "KMS is not allowed to boot on this device"),
  APP_CODE("code", "App not deployed or invalid address"),
  APP_TCB("tcb", "TCB status is not up to date"),
  APP_COMPOSE_HASH("compose-hash", "Compose hash not allowed"),
  APP_DEVICE("device", "Device not allowed");

  private final String id;
  private final String reason;

  Rule(String id, String reason) {
    this.id = id;
    this.reason = reason;
  }

  /** A short stable name. */
  public String id() {
    return id;
  }

  /** What the contract answers when it is the first to fail. */
  public String reason() {
    return reason;
  }
}
