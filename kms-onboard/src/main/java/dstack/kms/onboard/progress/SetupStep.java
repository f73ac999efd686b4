package dstack.kms.onboard.progress;

/** The steps of the procedures that set a node up, in words for the operator. */
public enum SetupStep {
  CHECKING("checking what was asked for"),
  AUTHORIZATION("asking the authority whether this machine may be a KMS"),
  KEYS("making root keys"),
  SOURCE("connecting to the source"),
  SOURCE_EVIDENCE("verifying the source's evidence"),
  SOURCE_AUTHORIZATION("asking the authority about the source"),
  OWN_EVIDENCE("attesting this machine to the source"),
  SOURCE_KEYS("asking the source for its keys"),
  KEY_CHECK("comparing the keys with the source's identity"),
  SHARES("collecting the shares of a backup"),
  CERTIFICATES("making certificates"),
  KEY_STATEMENT("attesting the public keys"),
  STORE("storing keys and certificates");

  private final String text;

  SetupStep(String text) {
    this.text = text;
  }

  /** The step in words. */
  public String text() {
    return text;
  }
}
