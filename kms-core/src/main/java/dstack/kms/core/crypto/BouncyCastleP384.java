package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/** P-384 verification by Bouncy Castle: pure Java. */
final class BouncyCastleP384 {
  private static final int HALF = EcdsaSignature384.LENGTH / 2;
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp384r1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

  private BouncyCastleP384() {}

  static boolean verifies(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(
        false,
        new ECPublicKeyParameters(CURVE.getCurve().decodePoint(key.point().toArray()), DOMAIN));
    Bytes rs = signature.rs();
    return verifier.verifySignature(
        Digests.sha384(message).toArray(),
        new BigInteger(1, rs.slice(0, HALF).toArray()),
        new BigInteger(1, rs.slice(HALF, EcdsaSignature384.LENGTH).toArray()));
  }
}
