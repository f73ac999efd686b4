package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a node does not start, does not go on, or does not take another configuration. */
public enum NodeRefusal implements RefusalCode {
  /** Something is configured that this version cannot do, or must not. */
  CONFIGURATION("node-configuration", RefusalKind.INVALID),
  /** There are no keys and nobody may set the node up. */
  NO_KEYS("node-no-keys", RefusalKind.REFUSED),
  /** An address cannot be listened at. */
  LISTEN("node-listen", RefusalKind.REFUSED),
  /** A listener stopped to listen by itself. */
  LISTENER_DIED("node-listener-died", RefusalKind.REFUSED),
  /** The stored keys are not those of the fleet that the configuration names. */
  IDENTITY("node-identity", RefusalKind.REFUSED),
  /** A setting changed that is read only at the start. */
  NEEDS_RESTART("reload-needs-restart", RefusalKind.INVALID),
  /** A configuration is read anew only while the node serves. */
  NOT_SERVING("reload-not-serving", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  NodeRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
