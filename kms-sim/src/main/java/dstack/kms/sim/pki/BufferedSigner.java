package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;

/** Collects what is to be signed and hands it to one signing function. */
public final class BufferedSigner implements ContentSigner {
  private final AlgorithmIdentifier algorithm;
  private final UnaryOperator<Bytes> sign;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  /** A signer that names the algorithm and asks the function for the signature. */
  public BufferedSigner(AlgorithmIdentifier algorithm, UnaryOperator<Bytes> sign) {
    this.algorithm = algorithm;
    this.sign = sign;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return algorithm;
  }

  @Override
  public OutputStream getOutputStream() {
    return message;
  }

  @Override
  public byte[] getSignature() {
    return sign.apply(Bytes.of(message.toByteArray())).toArray();
  }
}
