package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.core.store.KeyMaterial;

/**
 * What a backup keeps; closing erases it.
 *
 * @param rootCa the root CA key
 * @param k256 the root k256 key
 * @param tempCa the temporary CA key
 * @param rootCaPem the root CA certificate
 * @param tempCaPem the temporary CA certificate
 */
public record RootSecrets(
    P256PrivateKey rootCa,
    Secp256k1PrivateKey k256,
    P256PrivateKey tempCa,
    String rootCaPem,
    String tempCaPem)
    implements AutoCloseable {
  private static final int VERSION = 1;
  private static final int SCALAR = 32;
  private static final int SCALARS_AT = 1;
  private static final int LENGTHS_AT = SCALARS_AT + 3 * SCALAR;
  private static final int CERTIFICATES_AT = LENGTHS_AT + 4;

  /** A copy of what a store holds; the stored form may be closed afterwards. */
  public static RootSecrets of(KeyMaterial stored) {
    return new RootSecrets(
        P256PrivateKey.fromPkcs8Pem(stored.keys().rootCa()),
        Secp256k1PrivateKey.ofScalar(stored.keys().k256()),
        P256PrivateKey.fromPkcs8Pem(stored.keys().tmpCa()),
        stored.certificates().rootCa(),
        stored.certificates().tmpCa());
  }

  /** The public halves. */
  public Manifest.Identity identity() {
    return new Manifest.Identity(
        digest(rootCa.publicKey()), k256.publicKey().compressed(), digest(tempCa.publicKey()));
  }

  /** Version, three scalars, two lengths, two certificates in DER. */
  Secret encode() {
    Bytes root = Pem.decode(rootCaPem);
    Bytes temp = Pem.decode(tempCaPem);
    Bytes tail = Bytes.concat(u16(root.length()), u16(temp.length()), root, temp);
    try (Secret ca = rootCa.scalar();
        Secret k = k256.scalar();
        Secret tmp = tempCa.scalar();
        Secret last = SecretBytes.join(Bytes.EMPTY, tmp, tail);
        Secret middle = SecretBytes.join(k, last);
        Secret all = SecretBytes.join(ca, middle)) {
      return SecretBytes.join(Bytes.of(new byte[] {VERSION}), all, Bytes.EMPTY);
    }
  }

  /**
   * Reads that layout.
   *
   * @throws RefusalException unless it is that, and every certificate is one of the key beside it
   */
  static RootSecrets decode(Secret content) {
    if (content.length() < CERTIFICATES_AT || SecretBytes.reveal(content, 0, 1).at(0) != VERSION) {
      throw refused("the keys are in a layout that this program does not know");
    }
    int root = u16(SecretBytes.reveal(content, LENGTHS_AT, LENGTHS_AT + 2));
    int temp = u16(SecretBytes.reveal(content, LENGTHS_AT + 2, CERTIFICATES_AT));
    if (content.length() != CERTIFICATES_AT + root + temp) {
      throw refused("the keys are in a layout that this program does not know");
    }
    Bytes certificates = SecretBytes.reveal(content, CERTIFICATES_AT, content.length());
    try (Secret ca = scalar(content, 0);
        Secret k = scalar(content, 1);
        Secret tmp = scalar(content, 2)) {
      return new RootSecrets(
              P256PrivateKey.ofScalar(ca),
              Secp256k1PrivateKey.ofScalar(k),
              P256PrivateKey.ofScalar(tmp),
              Pem.encode(certificates.slice(0, root)),
              Pem.encode(certificates.slice(root, root + temp)))
          .checked();
    }
  }

  private RootSecrets checked() {
    try {
      // Compares the certificate's key with the private one.
      CertificateAuthority root = CertificateAuthority.of(rootCaPem, rootCa);
      CertificateAuthority temp = CertificateAuthority.of(tempCaPem, tempCa);
      return new RootSecrets(rootCa, k256, tempCa, root.pem(), temp.pem());
    } catch (RefusalException e) {
      close();
      throw refused("a certificate is not that of the key beside it: " + e.text());
    }
  }

  private static Secret scalar(Secret content, int number) {
    int from = SCALARS_AT + number * SCALAR;
    return SecretBytes.slice(content, from, from + SCALAR);
  }

  private static Bytes digest(P256PublicKey key) {
    return Digests.sha256(key.subjectPublicKeyInfo());
  }

  private static Bytes u16(int number) {
    if (number > 0xffff) {
      throw refused("a certificate is longer than 64 KiB");
    }
    return Bytes.of(new byte[] {(byte) (number >> 8), (byte) number});
  }

  private static int u16(Bytes encoded) {
    return encoded.at(0) << 8 | encoded.at(1);
  }

  @Override
  public void close() {
    rootCa.close();
    k256.close();
    tempCa.close();
  }

  private static RefusalException refused(String text) {
    return new RefusalException(ShareRefusal.PAYLOAD, text);
  }
}
