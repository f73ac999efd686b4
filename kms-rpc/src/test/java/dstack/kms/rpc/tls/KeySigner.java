package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

/** Lets Bouncy Castle's certificate builder sign with one of our keys. */
public final class KeySigner implements ContentSigner {
  private final P256PrivateKey key;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  /** Signs with that key. */
  public KeySigner(P256PrivateKey key) {
    this.key = key;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    return key.sign(Bytes.of(content.toByteArray())).toDer().toArray();
  }
}
