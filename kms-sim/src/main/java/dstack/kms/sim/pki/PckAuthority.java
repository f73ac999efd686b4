package dstack.kms.sim.pki;

/** Which of the two PCK CAs certifies a device; the name is the {@code ca} of the PCCS query. */
public enum PckAuthority {
  PLATFORM("platform", "SIMULATED SGX PCK Platform CA"),
  PROCESSOR("processor", "SIMULATED SGX PCK Processor CA");

  private final String queryName;
  private final String commonName;

  PckAuthority(String queryName, String commonName) {
    this.queryName = queryName;
    this.commonName = commonName;
  }

  /** The value of the query parameter {@code ca}. */
  public String queryName() {
    return queryName;
  }

  String commonName() {
    return commonName;
  }
}
