package dstack.kms.attest.dcap;

import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The root of trust for quotes: Intel's, or one that the operator put in its place.
 *
 * <p>An external root replaces Intel's and is for development platforms; the names that Intel gives
 * to its certificates are only asked for under Intel's root.
 */
public final class TdxTrustAnchor {
  private static final String INTEL_ROOT = "intel-sgx-root-ca.pem";
  private static final String CONTEXT = "Failed to load root ca";

  private final TrustAnchor anchor;
  private final boolean intel;

  private TdxTrustAnchor(TrustAnchor anchor, boolean intel) {
    this.anchor = anchor;
    this.intel = intel;
  }

  /** Intel's SGX root certificate. */
  public static TdxTrustAnchor intel() {
    try (InputStream resource =
        Objects.requireNonNull(TdxTrustAnchor.class.getResourceAsStream(INTEL_ROOT))) {
      return new TdxTrustAnchor(anchor(Bytes.of(resource.readAllBytes())), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A root certificate of the operator's, as PEM with nothing around it or as DER.
   *
   * @throws RefusalException {@link DcapRefusal#TRUST_ANCHOR} or the reason of the certificate's
   *     parser, within {@code Failed to load root ca}
   */
  public static TdxTrustAnchor external(Bytes pemOrDer) {
    return new TdxTrustAnchor(anchor(pemOrDer), false);
  }

  private static TrustAnchor anchor(Bytes pemOrDer) {
    try {
      TrustAnchor anchor = TrustAnchor.of(UnverifiedCertificate.parse(der(pemOrDer)));
      if (anchor.key() instanceof P256PublicKey) {
        return anchor;
      }
      throw new RefusalException(
          PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithmForPublicKey");
    } catch (RefusalException refusal) {
      throw refusal.within(CONTEXT);
    }
  }

  private static Bytes der(Bytes pemOrDer) {
    if (!pemOrDer.isEmpty() && pemOrDer.at(0) == 0x30) {
      return pemOrDer;
    }
    List<Bytes> certificates =
        PemChain.split(new String(pemOrDer.toArray(), StandardCharsets.ISO_8859_1));
    if (certificates.size() != 1) {
      throw DcapRefusal.TRUST_ANCHOR.refuse("expected one certificate, got " + certificates.size());
    }
    return certificates.getFirst();
  }

  /** The root certificate's DER. */
  public Bytes der() {
    return anchor.certificate().der();
  }

  /** Whether this is Intel's root. */
  public boolean isIntel() {
    return intel;
  }

  TrustAnchor anchor() {
    return anchor;
  }
}
