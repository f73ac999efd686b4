package dstack.kms.onboard.certificates;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.CertificateExtension;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Certificates for keys that another node has too: that node's CA certificates byte for byte if
 * they are what this node would make itself, so that all nodes of a fleet answer the same; else new
 * ones. The server's certificate is always this node's own.
 */
public final class CaAdoption {
  private static final String KEY_USAGE = "2.5.29.15";

  /** The key usage of a CA in the two encodings that CAs of this family write. */
  private static final Set<Bytes> CA_USAGE =
      Set.of(Bytes.fromHex("0303078600"), Bytes.fromHex("03020186"));

  private final CertificateIssuer issuer;
  private final SignatureVerifier signatures;
  private final InstantSource clock;

  /**
   * @param issuer makes what is not taken over
   * @param signatures of the offered certificates
   * @param clock tells whether they last
   */
  public CaAdoption(CertificateIssuer issuer, SignatureVerifier signatures, InstantSource clock) {
    this.issuer = issuer;
    this.signatures = signatures;
    this.clock = clock;
  }

  /**
   * The three certificates of these keys.
   *
   * @param offeredRoot the other node's text of the root CA certificate
   * @param offeredTmp the other node's text of the temp CA certificate
   */
  public CertificateSet issue(
      SigningKeys keys, RpcDomain domain, String offeredRoot, String offeredTmp) {
    CertificateAuthority fresh = issuer.rootCa(keys.rootCa());
    CertificateAuthority root =
        isSound(offeredRoot, fresh.pem(), keys.rootCa())
            ? CertificateAuthority.of(offeredRoot, keys.rootCa())
            : fresh;
    String freshTmp = issuer.tmpCa(keys.tmpCa());
    String tmp = isSound(offeredTmp, freshTmp, keys.tmpCa()) ? offeredTmp : freshTmp;
    return new CertificateSet(root.pem(), tmp, issuer.rpc(root, keys.rpc().publicKey(), domain));
  }

  private boolean isSound(String offered, String model, P256PrivateKey key) {
    try {
      ParsedCertificate certificate = ParsedCertificate.parse(Pem.decode(offered));
      return Pem.encode(certificate.der()).equals(offered)
          && isLike(certificate, ParsedCertificate.parse(Pem.decode(model)))
          && isValid(certificate, clock.instant())
          && certificate.isSignedBy(key.publicKey(), signatures);
    } catch (RefusalException unreadable) {
      return false;
    }
  }

  private static boolean isLike(ParsedCertificate offered, ParsedCertificate model) {
    return offered.spki().equals(model.spki())
        && offered.subject().equals(model.subject())
        && offered.issuer().equals(model.issuer())
        && normalized(offered).equals(normalized(model));
  }

  private static List<CertificateExtension> normalized(ParsedCertificate certificate) {
    return certificate.extensions().stream().map(CaAdoption::normalized).toList();
  }

  private static CertificateExtension normalized(CertificateExtension extension) {
    boolean usual = extension.oid().equals(KEY_USAGE) && CA_USAGE.contains(extension.value());
    return usual
        ? new CertificateExtension(KEY_USAGE, extension.critical(), Bytes.EMPTY)
        : extension;
  }

  private static boolean isValid(ParsedCertificate certificate, Instant now) {
    return !certificate.notBefore().isAfter(now) && RenewalWindow.isBefore(certificate, now);
  }
}
