package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/** Signs the same content the same way each time, so that what is built twice is equal. */
final class RepeatableSigner implements ContentSigner {
  private static final Map<Signed, Bytes> SIGNATURES = new ConcurrentHashMap<>();

  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final String key;
  private final AlgorithmIdentifier algorithm;

  private record Signed(String key, AlgorithmIdentifier algorithm, Bytes content) {}

  RepeatableSigner(String key, String algorithm) {
    this.key = key;
    this.algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return algorithm;
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    return SIGNATURES
        .computeIfAbsent(
            new Signed(key, algorithm, Bytes.of(content.toByteArray())), RepeatableSigner::sign)
        .toArray();
  }

  private static Bytes sign(Signed signed) {
    AlgorithmIdentifier digest =
        new DefaultDigestAlgorithmIdentifierFinder().find(signed.algorithm());
    try {
      ContentSigner signer =
          new BcECContentSignerBuilder(signed.algorithm(), digest)
              .build(P384Keys.named(signed.key()));
      signed.content().writeTo(signer.getOutputStream());
      return Bytes.of(signer.getSignature());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
