package dstack.kms.attest.issuer;

/** Which part of the network fetches may go to. */
public enum Reach {
  /** Allowed hosts at public addresses and default ports. The only value in production. */
  PUBLIC,
  /**
   * Also {@code 127.0.0.1} and {@code localhost} at any port, where the simulated platform keeps
   * its lists. Only the wiring that has found external trust anchors and {@code
   * core.insecure_development} may pass it: no setting of its own leads here.
   */
  PUBLIC_AND_LOOPBACK
}
