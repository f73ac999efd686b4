package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;

/** A P-256 private key of the simulated platform. It protects nothing, so it lives on the heap. */
public final class SimulatedKey {
  private static final ECNamedDomainParameters P256 =
      new ECNamedDomainParameters(
          SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByName("P-256"));
  private static final AlgorithmIdentifier ECDSA_WITH_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final String PEM_LABEL = "PRIVATE KEY";

  private final ECPrivateKeyParameters privateKey;
  private final P256PublicKey publicKey;

  private SimulatedKey(BigInteger scalar) {
    privateKey = new ECPrivateKeyParameters(scalar, P256);
    publicKey =
        new P256PublicKey(Bytes.of(P256.getG().multiply(scalar).normalize().getEncoded(false)));
  }

  /** A fresh key. */
  public static SimulatedKey generate(SecureRandom random) {
    BigInteger scalar;
    do {
      scalar = new BigInteger(256, random);
    } while (scalar.signum() == 0 || scalar.compareTo(P256.getN()) >= 0);
    return new SimulatedKey(scalar);
  }

  /** The key in a PEM file with one PKCS#8 block. */
  static SimulatedKey fromPem(String pem) {
    try {
      Bytes der = PemText.decode(PEM_LABEL, pem);
      var key = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(der.toArray());
      return new SimulatedKey(key.getD());
    } catch (IOException e) {
      throw new UncheckedIOException("not a PKCS#8 key of the simulated platform", e);
    }
  }

  /** One PKCS#8 block, as {@code openssl pkey} reads it. */
  public String pem() {
    try {
      return PemText.encode(
          PEM_LABEL, Bytes.of(PrivateKeyInfoFactory.createPrivateKeyInfo(privateKey).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The public half. */
  public P256PublicKey publicKey() {
    return publicKey;
  }

  /** X and Y as quotes carry them: 64 bytes without the leading 04. */
  public Bytes coordinates() {
    return publicKey.point().slice(1, P256PublicKey.LENGTH);
  }

  /** The ECDSA signature over the SHA-256 of the message, with a nonce by RFC 6979. */
  public EcdsaSignature sign(Bytes message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, privateKey);
    BigInteger[] rs = signer.generateSignature(Digests.sha256(message).toArray());
    return new EcdsaSignature(Bytes.concat(fixed(rs[0]), fixed(rs[1])));
  }

  /** Signs certificates and revocation lists. */
  ContentSigner contentSigner() {
    return new BufferedSigner(ECDSA_WITH_SHA256, message -> sign(message).toDer());
  }

  private static Bytes fixed(BigInteger value) {
    byte[] digits = value.toByteArray();
    int surplus = digits.length - 32;
    return surplus >= 0
        ? Bytes.of(digits, surplus, digits.length)
        : Bytes.concat(Bytes.zeros(-surplus), Bytes.of(digits));
  }
}
