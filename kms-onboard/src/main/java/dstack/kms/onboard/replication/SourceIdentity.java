package dstack.kms.onboard.replication;

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
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Which KMS a source says it is: the public halves of the keys that it is about to be asked for.
 * Both of its answers and its own certificate agree on them. Closing erases the temp CA's key.
 *
 * @param rootCaPem the text of its root CA certificate
 * @param rootCa the root CA's public key
 * @param tempCa its temp CA with the key that it hands to everybody
 * @param tempCaKey that key
 * @param k256 the root k256 public key
 */
record SourceIdentity(
    String rootCaPem,
    P256PublicKey rootCa,
    CertificateAuthority tempCa,
    P256PrivateKey tempCaKey,
    Secp256k1PublicKey k256)
    implements AutoCloseable {

  /** Reads both answers of a source and holds them against its certificate and each other. */
  static SourceIdentity of(
      VerifiedSource source,
      GetTempCaCertResponse temp,
      GetMetaResponse meta,
      SignatureVerifier signatures) {
    ParsedCertificate root =
        read(
            "its root CA certificate", () -> ParsedCertificate.parse(Pem.decode(temp.getCaCert())));
    P256PublicKey rootCa =
        P256PublicKey.fromSubjectPublicKeyInfo(root.spki())
            .orElseThrow(() -> refused("its root CA key is no P-256 key"));
    ParsedCertificate again =
        read(
            "its root CA certificate", () -> ParsedCertificate.parse(Pem.decode(meta.getCaCert())));
    require(again.spki().equals(root.spki()), "GetTempCaCert and GetMeta name two root CAs");
    require(root.isCa(), "its root CA certificate is not that of a CA");
    require(root.isSignedBy(rootCa, signatures), "its root CA certificate does not sign itself");
    require(
        source.certificate().isSignedBy(rootCa, signatures),
        "its server certificate is not signed by its root CA");
    Secp256k1PublicKey k256 =
        read(
            "its k256 public key",
            () -> new Secp256k1PublicKey(Bytes.of(meta.getK256Pubkey().toByteArray())));
    P256PrivateKey tempKey = read("its temp CA key", () -> key(temp.getTempCaKey()));
    try {
      CertificateAuthority tempCa =
          read("its temp CA", () -> CertificateAuthority.of(temp.getTempCaCert(), tempKey));
      requirePrivate(rootCa, tempKey.publicKey(), source);
      return new SourceIdentity(temp.getCaCert(), rootCa, tempCa, tempKey, k256);
    } catch (RefusalException e) {
      tempKey.close();
      throw e;
    }
  }

  /** A root key that is also one of the others would be known to more than the source. */
  private static void requirePrivate(
      P256PublicKey rootCa, P256PublicKey tempCa, VerifiedSource source) {
    require(!rootCa.equals(tempCa), "its root CA has the temp CA's key, which is public");
    require(
        !rootCa.subjectPublicKeyInfo().equals(source.certificate().spki()),
        "its root CA has the key of its server certificate");
  }

  @Override
  public void close() {
    tempCaKey.close();
  }

  private static P256PrivateKey key(String pem) {
    try (Secret text = Secret.takeOver(pem.getBytes(StandardCharsets.UTF_8))) {
      return P256PrivateKey.fromPkcs8Pem(text);
    }
  }

  private static <T> T read(String what, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RefusalException e) {
      throw refused(what + " cannot be used: " + e.text());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw refused(otherwise);
    }
  }

  private static RefusalException refused(String why) {
    return new RefusalException(
        ReplicationRefusal.SOURCE_IDENTITY,
        "the source KMS contradicts itself about its identity: " + why);
  }
}
