package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.util.BigIntegers;

/** Fixed keys by name, and their deterministic signatures. */
final class P384Keys {
  private static final Map<String, ECPrivateKeyParameters> KEYS = new ConcurrentHashMap<>();

  private P384Keys() {}

  /** The key of that name on P-384, or on P-256 if the name ends so. */
  static ECPrivateKeyParameters named(String name) {
    return KEYS.computeIfAbsent(name, P384Keys::make);
  }

  private static ECPrivateKeyParameters make(String name) {
    ECNamedCurveParameterSpec curve =
        ECNamedCurveTable.getParameterSpec(name.endsWith("P-256") ? "P-256" : "P-384");
    ECDomainParameters domain =
        new ECNamedDomainParameters(
            org.bouncycastle.asn1.x9.ECNamedCurveTable.getOID(curve.getName()),
            curve.getCurve(),
            curve.getG(),
            curve.getN(),
            curve.getH());
    BigInteger seed = new BigInteger(1, Digests.sha384(Bytes.utf8(name)).toArray());
    return new ECPrivateKeyParameters(
        seed.mod(curve.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE), domain);
  }

  static SubjectPublicKeyInfo publicKeyInfo(String name) {
    ECPrivateKeyParameters key = named(name);
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
          new ECPublicKeyParameters(
              key.getParameters().getG().multiply(key.getD()).normalize(), key.getParameters()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** r and s over the SHA-384 of the message, 48 bytes each. */
  static Bytes sign(String name, Bytes message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
    signer.init(true, named(name));
    BigInteger[] rs = signer.generateSignature(Digests.sha384(message).toArray());
    return Bytes.concat(
        Bytes.of(BigIntegers.asUnsignedByteArray(48, rs[0])),
        Bytes.of(BigIntegers.asUnsignedByteArray(48, rs[1])));
  }
}
