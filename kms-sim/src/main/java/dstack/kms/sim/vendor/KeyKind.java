package dstack.kms.sim.vendor;

/** The kinds of key that platform makers use. */
public enum KeyKind {
  P256("EC"),
  P384("EC"),
  /** 2,048 bits, which is less than the makers use and quickly made. */
  RSA("RSA");

  private final String algorithm;

  KeyKind(String algorithm) {
    this.algorithm = algorithm;
  }

  String algorithm() {
    return algorithm;
  }

  /** The JDK's own provider: signing here shares nothing with what verifies. */
  String provider() {
    return this == RSA ? "SunRsaSign" : "SunEC";
  }
}
