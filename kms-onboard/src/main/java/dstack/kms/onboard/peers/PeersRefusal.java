package dstack.kms.onboard.peers;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a node of a fleet makes no keys of its own. */
public enum PeersRefusal implements RefusalCode {
  /** A configured peer has keys: new ones would split the fleet. */
  FLEET_HAS_KEYS("peers-fleet-has-keys", RefusalKind.REFUSED),
  /** The configuration names the fleet's identity, which new keys cannot have. */
  IDENTITY_CONFIGURED("peers-identity-configured", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  PeersRefusal(String code, RefusalKind kind) {
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
