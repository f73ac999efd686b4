package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The root of trust of each processor family: AMD's, or one that the operator put in its place. A
 * root never comes from evidence or from AMD's service.
 */
public final class SnpTrustAnchors {
  private final Map<SnpProduct, Root> roots;

  SnpTrustAnchors(Map<SnpProduct, Root> roots) {
    this.roots = roots;
  }

  /**
   * A family's root.
   *
   * @param knownAsks the signing keys that are known to be below it, DER
   */
  record Root(TrustAnchor anchor, PathRules rules, boolean external, List<Bytes> knownAsks) {}

  /** AMD's own roots. */
  public static SnpTrustAnchors amd() {
    Map<SnpProduct, Root> roots = new EnumMap<>(SnpProduct.class);
    for (SnpProduct product : SnpProduct.values()) {
      TrustAnchor anchor = TrustAnchor.of(CertificateText.parse(embedded(product, "ark"), "ark"));
      Bytes ask = CertificateText.der(embedded(product, "ask"));
      roots.put(product, new Root(anchor, PathRules.sevSnp(), false, List.of(ask)));
    }
    return new SnpTrustAnchors(roots);
  }

  /**
   * The same, but with a root of the operator's for one family, PEM or DER. It may sign with P-384
   * as well, must be a CA and must have signed itself.
   *
   * @throws RefusalException within {@code Failed to load root ca} if it is not acceptable
   */
  public SnpTrustAnchors withExternal(
      SnpProduct product, Bytes pemOrDer, SignatureVerifier verifier) {
    Map<SnpProduct, Root> changed = new EnumMap<>(roots);
    changed.put(product, external(pemOrDer, verifier));
    return new SnpTrustAnchors(changed);
  }

  private static Root external(Bytes pemOrDer, SignatureVerifier verifier) {
    try {
      TrustAnchor anchor = TrustAnchor.of(CertificateText.parse(pemOrDer, "ark"));
      if (!anchor.certificate().isSignedBy(anchor.certificate(), verifier)
          || !anchor.certificate().issuer().der().equals(anchor.certificate().subject().der())) {
        throw SnpRefusal.TRUST_ANCHOR.because("ARK self-signature verification failed");
      }
      return new Root(anchor, PathRules.sevSnpExternal(), true, List.of());
    } catch (RefusalException e) {
      throw e.within("Failed to load root ca");
    }
  }

  /** The root certificates' DER. */
  public List<Bytes> der() {
    return roots.values().stream().map(root -> root.anchor().certificate().der()).toList();
  }

  Root of(SnpProduct product) {
    return Objects.requireNonNull(roots.get(product), "every product has a root");
  }

  private static Bytes embedded(SnpProduct product, String kind) {
    String name = "amd-" + product.kdsName().toLowerCase(Locale.ROOT) + "-" + kind + ".pem";
    try (InputStream resource =
        Objects.requireNonNull(SnpTrustAnchors.class.getResourceAsStream(name), name)) {
      return Bytes.of(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
