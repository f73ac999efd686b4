package dstack.kms.attest.nitro;

import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The root of trust for attestation documents: AWS's Nitro root, or one that the operator put in
 * its place for development.
 */
public final class NitroTrustAnchor {
  private static final String AWS_ROOT = "aws-nitro-enclaves-root-g1.pem";
  private static final int DER_SEQUENCE = 0x30;

  private final TrustAnchor anchor;

  private NitroTrustAnchor(TrustAnchor anchor) {
    this.anchor = anchor;
  }

  /** AWS's root {@code aws.nitro-enclaves} G1, for enclaves and NitroTPM alike. */
  public static NitroTrustAnchor aws() {
    try (InputStream resource =
        Objects.requireNonNull(NitroTrustAnchor.class.getResourceAsStream(AWS_ROOT))) {
      return external(Bytes.of(resource.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A root certificate of the operator's, as PEM with nothing around it or as DER.
   *
   * @throws RefusalException {@link NitroRefusal#TRUST_ANCHOR} or the reason of the certificate's
   *     parser, within {@code Failed to load root ca}
   */
  public static NitroTrustAnchor external(Bytes pemOrDer) {
    try {
      return new NitroTrustAnchor(TrustAnchor.of(UnverifiedCertificate.parse(der(pemOrDer))));
    } catch (RefusalException e) {
      throw e.within("Failed to load root ca");
    }
  }

  private static Bytes der(Bytes pemOrDer) {
    if (!pemOrDer.isEmpty() && pemOrDer.at(0) == DER_SEQUENCE) {
      return pemOrDer;
    }
    List<Bytes> certificates =
        PemChain.split(new String(pemOrDer.toArray(), StandardCharsets.ISO_8859_1));
    if (certificates.size() != 1) {
      throw NitroRefusal.TRUST_ANCHOR.because(
          "expected one certificate, got " + certificates.size());
    }
    return certificates.getFirst();
  }

  /** The root certificate's DER. */
  public Bytes der() {
    return anchor.certificate().der();
  }

  TrustAnchor anchor() {
    return anchor;
  }
}
