package dstack.kms.attest.gcp;

import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The root of trust for attestation keys of virtual TPMs: Google's {@code EK/AK CA Root}, or one
 * that the operator put in its place, which is for development.
 *
 * <p>With Google's root comes the intermediate that issues today's certificates, so that nothing
 * has to be fetched to build a path; revocation is asked for it like for any other.
 */
public final class GcpTrustAnchor {
  private static final String GOOGLE_ROOT = "ek-ak-ca-root.pem";
  private static final String GOOGLE_INTERMEDIATE = "ek-ak-ca-intermediate.pem";

  private final TrustAnchor anchor;
  private final List<Bytes> intermediates;

  private GcpTrustAnchor(TrustAnchor anchor, List<Bytes> intermediates) {
    this.anchor = anchor;
    this.intermediates = List.copyOf(intermediates);
  }

  /** Google's root and the intermediate that is known. */
  public static GcpTrustAnchor google() {
    return new GcpTrustAnchor(
        TrustAnchor.ofPem(resource(GOOGLE_ROOT)), PemChain.split(resource(GOOGLE_INTERMEDIATE)));
  }

  /**
   * A root certificate of the operator's: the text of a PEM file with exactly one certificate.
   *
   * @throws RefusalException with the reason of the certificate's parser, within {@code Failed to
   *     load root ca}
   */
  public static GcpTrustAnchor external(Bytes pem) {
    try {
      String text = new String(pem.toArray(), StandardCharsets.ISO_8859_1);
      return new GcpTrustAnchor(TrustAnchor.ofPem(text), List.of());
    } catch (RefusalException e) {
      throw e.within("Failed to load root ca");
    }
  }

  private static String resource(String name) {
    try (InputStream resource =
        Objects.requireNonNull(GcpTrustAnchor.class.getResourceAsStream(name))) {
      return new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root certificate's DER. */
  public Bytes der() {
    return anchor.certificate().der();
  }

  TrustAnchor anchor() {
    return anchor;
  }

  List<Bytes> intermediates() {
    return intermediates;
  }
}
