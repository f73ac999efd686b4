package dstack.kms.core.config;

/** How far a request over plain HTTP goes, as far as the host in its URL says (T-16). */
public enum PlainReach {
  /** To a loopback address. */
  MACHINE("machine"),
  /** To a name of one label: of the same compose file, or of a cluster's namespace. */
  NAME("name"),
  /** To an address, or a name, of another machine. */
  NETWORK("network");

  private final String label;

  PlainReach(String label) {
    this.label = label;
  }

  /** The value of a metric's label. */
  public String label() {
    return label;
  }
}
