package dstack.kms.core.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dstack.kms.core.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The implementations of signature verification, by name. */
public final class SignatureVerifiers {
  private static final Logger LOG = LoggerFactory.getLogger(SignatureVerifiers.class);
  private static final P256Engine BOUNCY_CASTLE = new BouncyCastleP256();
  private static final VerificationEngine BOUNCY_CASTLE_OTHERS = new BouncyCastleVerification();

  private SignatureVerifiers() {}

  /**
   * The implementation of that name: {@code BC} is Bouncy Castle; {@code ACCP} and {@code auto} are
   * the native Amazon Corretto Crypto Provider, or Bouncy Castle where the native library is
   * missing. All accept the same signatures.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static SignatureVerifier named(String name) {
    return switch (name) {
      case "auto" -> RangeChecked.of(fastest());
      case "ACCP" -> RangeChecked.of(nativeOrWarn());
      case "BC" -> RangeChecked.of(BOUNCY_CASTLE);
      default ->
          throw new IllegalArgumentException(
              "unknown ECDSA implementation " + name + ": expected auto, ACCP or BC");
    };
  }

  /** The native engine where there is one, else Bouncy Castle. */
  static P256Engine fastest() {
    return Fastest.ENGINE;
  }

  private static P256Engine nativeOrWarn() {
    if (fastest() instanceof BouncyCastleP256) {
      LOG.warn("ACCP is asked for but does not load on this platform, BC is used");
    }
    return fastest();
  }

  /** Probes the native library once, on first use. */
  private static final class Fastest {
    static final P256Engine ENGINE = CorrettoP256.ifHealthy().orElse(BOUNCY_CASTLE);
  }

  private static VerificationEngine othersBeside(P256Engine engine) {
    return engine instanceof CorrettoP256
        ? new CorrettoVerification(AmazonCorrettoCryptoProvider.INSTANCE, BOUNCY_CASTLE_OTHERS)
        : BOUNCY_CASTLE_OTHERS;
  }

  /** Leaves no implementation the chance to differ on r or s outside 1..n-1 or on lengths. */
  private record RangeChecked(P256Engine engine, VerificationEngine others)
      implements SignatureVerifier {
    static SignatureVerifier of(P256Engine engine) {
      return new RangeChecked(engine, othersBeside(engine));
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
      Bytes rs = signature.rs();
      return EcCurve.P256.isScalar(EcCurve.number(rs.slice(0, 32)))
          && EcCurve.P256.isScalar(EcCurve.number(rs.slice(32, 64)))
          && engine.verifiesP256Sha256(key, message, signature);
    }

    @Override
    public boolean verifiesP384Sha384(
        P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
      return BouncyCastleVerification.isInRange(signature)
          && others.verifiesP384Sha384(key, message, signature);
    }

    @Override
    public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
      return signature.length() == key.signatureLength()
          && others.verifiesRsa(scheme, key, message, signature);
    }
  }
}
