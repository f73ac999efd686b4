package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.util.BigIntegers;

/** P-384 and RSA verification by Bouncy Castle: pure Java. */
final class BouncyCastleVerification implements VerificationEngine {
  private static final int HALF = EcdsaSignature384.LENGTH / 2;
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp384r1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

  /** DigestInfo up to the digest: the only form that is taken, with NULL parameters. */
  private static final Bytes SHA256_PREFIX =
      Bytes.fromHex("3031300d060960864801650304020105000420");

  private static final Bytes SHA384_PREFIX =
      Bytes.fromHex("3041300d060960864801650304020205000430");

  private static final int SALT = 48;

  /** Whether 0 &lt; r, s &lt; n. */
  static boolean isInRange(EcdsaSignature384 signature) {
    return isScalar(number(signature.rs().slice(0, HALF)))
        && isScalar(number(signature.rs().slice(HALF, EcdsaSignature384.LENGTH)));
  }

  private static boolean isScalar(BigInteger value) {
    return value.signum() > 0 && value.compareTo(CURVE.getN()) < 0;
  }

  private static BigInteger number(Bytes value) {
    return new BigInteger(1, value.toArray());
  }

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(
        false,
        new ECPublicKeyParameters(CURVE.getCurve().decodePoint(key.point().toArray()), DOMAIN));
    return verifier.verifySignature(
        Digests.sha384(message).toArray(),
        number(signature.rs().slice(0, HALF)),
        number(signature.rs().slice(HALF, EcdsaSignature384.LENGTH)));
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    return switch (scheme) {
      case PKCS1_SHA256 ->
          isPkcs1(key, Bytes.concat(SHA256_PREFIX, Digests.sha256(message)), signature);
      case PKCS1_SHA384 ->
          isPkcs1(key, Bytes.concat(SHA384_PREFIX, Digests.sha384(message)), signature);
      case PSS_SHA384 -> isPss(key, message, signature);
    };
  }

  /**
   * Compares with the one block that can be right. Bouncy Castle's own verification would also take
   * a DigestInfo without parameters, which no other engine does.
   */
  private static boolean isPkcs1(RsaPublicKey key, Bytes digestInfo, Bytes signature) {
    BigInteger number = number(signature);
    if (number.compareTo(key.modulus()) >= 0) {
      return false;
    }
    byte[] block = new byte[key.signatureLength()];
    int content = block.length - digestInfo.length();
    Arrays.fill(block, 2, content - 1, (byte) 0xff);
    block[1] = 1;
    System.arraycopy(digestInfo.toArray(), 0, block, content, digestInfo.length());
    BigInteger found = number.modPow(key.exponent(), key.modulus());
    return Arrays.equals(BigIntegers.asUnsignedByteArray(block.length, found), block);
  }

  private static boolean isPss(RsaPublicKey key, Bytes message, Bytes signature) {
    PSSSigner signer = new PSSSigner(new RSAEngine(), new SHA384Digest(), SALT);
    // "Internal" leaves out a primality test of the modulus, which says nothing about a public key
    // that somebody else answers for, and which throws where a refusal is due.
    signer.init(false, new RSAKeyParameters(false, key.modulus(), key.exponent(), true));
    byte[] content = message.toArray();
    signer.update(content, 0, content.length);
    return signer.verifySignature(signature.toArray());
  }
}
