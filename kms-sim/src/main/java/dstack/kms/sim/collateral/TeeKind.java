package dstack.kms.sim.collateral;

/** For which kind of report collateral is made; the name is the first segment of the PCCS path. */
public enum TeeKind {
  SGX("sgx"),
  TDX("tdx");

  private final String pathSegment;

  TeeKind(String pathSegment) {
    this.pathSegment = pathSegment;
  }

  /** The first segment of the PCCS path. */
  public String pathSegment() {
    return pathSegment;
  }
}
