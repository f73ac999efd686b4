package dstack.kms.client.keys;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import java.nio.charset.StandardCharsets;

/**
 * Which KMS the keys must come from.
 *
 * @param url its base URL, which ends in {@code /prpc}
 * @param rootCaPem the text of its root CA certificate
 * @param rootCa the key in it
 * @param tempCaPem the text of its temporary CA certificate
 * @param tempCaKeyPem the text of that CA's key, which everybody gets
 * @param k256 its root k256 key
 */
public record KmsIdentity(
    String url,
    String rootCaPem,
    P256PublicKey rootCa,
    String tempCaPem,
    String tempCaKeyPem,
    Secp256k1PublicKey k256) {

  /**
   * Holds what a KMS says about its certificate authorities against the certificate that it showed.
   *
   * @param server the certificate of the connection
   */
  public static KmsIdentity of(
      String url,
      ParsedCertificate server,
      GetTempCaCertResponse said,
      Secp256k1PublicKey k256,
      SignatureVerifier signatures) {
    ParsedCertificate root = certificate(said.getCaCert());
    P256PublicKey key =
        P256PublicKey.fromSubjectPublicKeyInfo(root.spki())
            .orElseThrow(() -> contradiction("its root CA key is no P-256 key"));
    require(root.isCa(), "its root CA certificate is not that of a CA");
    require(root.isSignedBy(key, signatures), "its root CA certificate does not sign itself");
    KmsIdentity identity =
        new KmsIdentity(
            url, said.getCaCert(), key, said.getTempCaCert(), said.getTempCaKey(), k256);
    identity.requireServer(server, signatures);
    try (P256PrivateKey tempKey = identity.tempCaKey()) {
      CertificateAuthority tempCa = CertificateAuthority.of(said.getTempCaCert(), tempKey);
      require(
          !tempCa.certificate().spki().equals(root.spki()),
          "its root CA has the key of the temporary CA, which is public");
    } catch (RefusalException e) {
      throw e.code() == FetchRefusal.KMS_IDENTITY
          ? e
          : contradiction("its temporary CA cannot be used: " + e.text());
    }
    return identity;
  }

  /**
   * Refuses a server whose certificate the root CA did not sign itself. What lies deeper under it
   * is an application's.
   */
  public void requireServer(ParsedCertificate server, SignatureVerifier signatures) {
    ParsedCertificate root = ParsedCertificate.parse(rootCaDer());
    require(
        server.issuer().equals(root.subject()) && server.isSignedBy(rootCa, signatures),
        "its server certificate is not issued by its root CA");
  }

  /** The key of the temporary CA; the caller closes it. */
  public P256PrivateKey tempCaKey() {
    try (Secret text = Secret.takeOver(tempCaKeyPem.getBytes(StandardCharsets.UTF_8))) {
      return P256PrivateKey.fromPkcs8Pem(text);
    }
  }

  /** The DER of the root CA certificate. */
  public Bytes rootCaDer() {
    return Pem.decode(rootCaPem);
  }

  private static ParsedCertificate certificate(String pem) {
    try {
      return ParsedCertificate.parse(Pem.decode(pem));
    } catch (RefusalException e) {
      throw contradiction("its root CA certificate cannot be used: " + e.text());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw contradiction(otherwise);
    }
  }

  private static RefusalException contradiction(String why) {
    return FetchRefusal.KMS_IDENTITY.because("the KMS contradicts itself: " + why);
  }
}
