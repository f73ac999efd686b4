package dstack.kms.cli.sim;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why the simulated platform cannot do what it was asked to. */
enum SimRefusal implements RefusalCode {
  /** The folder of the roots cannot be read or written. */
  FOLDER("sim-folder"),
  /** The socket or the port cannot be listened at. */
  ADDRESS("sim-address"),
  /** The attestation cannot be written where it was asked for. */
  OUTPUT("sim-output");

  private final String code;

  SimRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }

  RefusalException because(String text, Exception cause) {
    return RefusalException.causedBy(this, text, cause);
  }
}
