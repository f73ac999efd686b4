package dstack.kms.sim.vendor;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;

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

  /** RSA keys come from the native library where it loads: the JDK searches primes far longer. */
  KeyPairGenerator generator() throws GeneralSecurityException {
    return this == RSA && AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null
        ? KeyPairGenerator.getInstance(algorithm, AmazonCorrettoCryptoProvider.INSTANCE)
        : KeyPairGenerator.getInstance(algorithm, provider());
  }
}
