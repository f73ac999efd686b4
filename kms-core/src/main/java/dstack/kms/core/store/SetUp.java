package dstack.kms.core.store;

/** The ways in which a set of keys comes to be, with the refusal of a second one. */
public enum SetUp {
  /** Fresh keys, asked for or by configuration. */
  BOOTSTRAP("KMS has already been bootstrapped"),
  /** Keys of another node. */
  ONBOARD("KMS has already been onboarded"),
  /** Keys out of a backup. */
  RESTORE("KMS has keys already; nothing is restored over them");

  private final String refusal;

  SetUp(String refusal) {
    this.refusal = refusal;
  }

  /** What a client hears when there are keys already (specification 04 §4). */
  public String refusal() {
    return refusal;
  }
}
