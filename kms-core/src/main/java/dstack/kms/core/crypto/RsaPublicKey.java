package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * An RSA key of 2,048 to 4,096 bits with an odd public exponent of at least 3 and at most 32 bits.
 */
public record RsaPublicKey(BigInteger modulus, BigInteger exponent) implements VerificationKey {
  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 4096;
  private static final int MAX_DER = 600;

  /**
   * @throws IllegalArgumentException if modulus or exponent are out of bounds
   */
  public RsaPublicKey {
    if (!isAcceptable(modulus, exponent)) {
      throw new IllegalArgumentException("not an RSA key of 2048 to 4096 bits");
    }
  }

  /** The key in a strict DER subject public key info with NULL parameters; else empty. */
  public static Optional<RsaPublicKey> fromSubjectPublicKeyInfo(Bytes der) {
    if (der.length() > MAX_DER) {
      return Optional.empty();
    }
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(der.toArray());
      RSAPublicKey key = RSAPublicKey.getInstance(info.parsePublicKey());
      if (!isAcceptable(key.getModulus(), key.getPublicExponent())) {
        return Optional.empty();
      }
      RsaPublicKey read = new RsaPublicKey(key.getModulus(), key.getPublicExponent());
      return read.subjectPublicKeyInfo().equals(der) ? Optional.of(read) : Optional.empty();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    try {
      return Bytes.of(
          new SubjectPublicKeyInfo(
                  new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                  new RSAPublicKey(modulus, exponent))
              .getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new IllegalStateException("an RSA key has a DER form", e);
    }
  }

  /** Length of a signature by this key in bytes. */
  public int signatureLength() {
    return (modulus.bitLength() + 7) / 8;
  }

  private static boolean isAcceptable(BigInteger modulus, BigInteger exponent) {
    return modulus.signum() > 0
        && modulus.testBit(0)
        && modulus.bitLength() >= MIN_BITS
        && modulus.bitLength() <= MAX_BITS
        && exponent.signum() > 0
        && exponent.testBit(0)
        && exponent.bitLength() >= 2
        && exponent.bitLength() <= 32;
  }
}
