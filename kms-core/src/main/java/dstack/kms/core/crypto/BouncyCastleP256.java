package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.secret.Secret;
import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/** P-256 by Bouncy Castle: pure Java, nonces by RFC 6979. */
final class BouncyCastleP256 implements P256Engine {
  @Override
  public String name() {
    return "BC";
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(
        false, new ECPublicKeyParameters(EcCurve.P256.decode(key.point()), EcCurve.P256.domain()));
    return verifier.verifySignature(
        Digests.sha256(message).toArray(),
        EcCurve.number(signature.rs().slice(0, 32)),
        EcCurve.number(signature.rs().slice(32, 64)));
  }

  @Override
  public SigningKey signingKey(Secret scalar) {
    return scalar.expose(raw -> new BouncyCastleKey(new BigInteger(1, raw)));
  }

  private record BouncyCastleKey(BigInteger scalar) implements SigningKey {
    @Override
    public EcdsaSignature sign(Bytes message) {
      ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      signer.init(true, new ECPrivateKeyParameters(scalar, EcCurve.P256.domain()));
      BigInteger[] rs = signer.generateSignature(Digests.sha256(message).toArray());
      return new EcdsaSignature(
          Bytes.concat(EcCurve.fixedLength(rs[0]), EcCurve.fixedLength(rs[1])));
    }

    @Override
    public void close() {
      // A BigInteger cannot be erased.
    }

    @Override
    public String toString() {
      return "BouncyCastleKey";
    }
  }
}
