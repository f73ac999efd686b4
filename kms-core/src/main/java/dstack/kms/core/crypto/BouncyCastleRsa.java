package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.RSADigestSigner;

/** RSA verification by Bouncy Castle: pure Java. */
final class BouncyCastleRsa {
  private static final int SALT = 48;

  private BouncyCastleRsa() {}

  static boolean verifies(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    if (signature.length() != key.signatureLength()) {
      return false;
    }
    Signer signer =
        switch (scheme) {
          case PKCS1_SHA256 -> new RSADigestSigner(new SHA256Digest());
          case PKCS1_SHA384 -> new RSADigestSigner(new SHA384Digest());
          case PSS_SHA384 -> new PSSSigner(new RSAEngine(), new SHA384Digest(), SALT);
        };
    signer.init(false, new RSAKeyParameters(false, key.modulus(), key.exponent()));
    byte[] content = message.toArray();
    signer.update(content, 0, content.length);
    return signer.verifySignature(signature.toArray());
  }
}
