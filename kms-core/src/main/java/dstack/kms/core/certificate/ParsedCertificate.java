package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * An X.509 certificate taken apart, nothing in it verified.
 *
 * <p>The parser is the same for every TLS engine and decides what counts: strict DER without
 * trailing bytes, versions 1 to 3, at most 128 KiB and 64 extensions. It is deliberately silent
 * about names, dates, serial numbers, key types and the signature, which prove nothing here
 * (specification 00 §9): odd ones parse.
 */
public final class ParsedCertificate {
  /** The largest certificate in bytes, the largest TLS Certificate message. */
  public static final int MAX_LENGTH = 131_072;

  /** AlgorithmIdentifier of ecdsa-with-SHA256, without parameters. */
  private static final Bytes ECDSA_WITH_SHA256 = Bytes.fromHex("300a06082a8648ce3d040302");

  /** Key usage, subject alt name, basic and name constraints, CRL points, extended key usage. */
  private static final Set<String> UNDERSTOOD =
      Set.of("2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.37");

  private final Bytes der;
  private final CertificateParts parts;

  private ParsedCertificate(Bytes der, CertificateParts parts) {
    this.der = der;
    this.parts = parts;
  }

  /** Takes a DER certificate apart; refusals begin with {@code malformed certificate}. */
  public static ParsedCertificate parse(Bytes der) {
    return new ParsedCertificate(der, CertificateParts.parse(der));
  }

  /** The whole certificate as it was given. */
  public Bytes der() {
    return der;
  }

  /** The version, 1 to 3. */
  public int version() {
    return parts.version();
  }

  /** The content of the serial number INTEGER. */
  public Bytes serial() {
    return parts.serial();
  }

  /** The issuer name in DER. */
  public Bytes issuer() {
    return parts.issuer();
  }

  /** The subject name in DER. */
  public Bytes subject() {
    return parts.subject();
  }

  /** The first second of validity; refused if it is not a proper time. */
  public Instant notBefore() {
    return parts.validity().notBefore();
  }

  /** The last second of validity; refused if it is not a proper time. */
  public Instant notAfter() {
    return parts.validity().notAfter();
  }

  /** The subject public key info, exactly the bytes in the certificate. */
  public Bytes spki() {
    return parts.spki();
  }

  /** All extensions in their order, repeated ones included. */
  public List<CertificateExtension> extensions() {
    return parts.extensions();
  }

  /** All extensions with that OID. */
  public List<CertificateExtension> extensions(String oid) {
    return parts.extensions().stream().filter(e -> e.oid().equals(oid)).toList();
  }

  /**
   * The OIDs of critical extensions that this program does not interpret. The KMS extensions are
   * never critical, so one that is counts as unknown, as it does in the original.
   */
  public List<String> unknownCritical() {
    return parts.extensions().stream()
        .filter(e -> e.critical() && !UNDERSTOOD.contains(e.oid()))
        .map(CertificateExtension::oid)
        .toList();
  }

  /** Whether basic constraints say CA:TRUE. */
  public boolean isCa() {
    return extensions("2.5.29.19").stream().anyMatch(e -> CertificateParts.saysCa(e.value()));
  }

  /** Whether the signature is ecdsa-with-SHA256 and holds under the key. */
  public boolean isSignedBy(P256PublicKey key, SignatureVerifier verifier) {
    return parts.outerAlgorithm().equals(ECDSA_WITH_SHA256)
        && parts.innerAlgorithm().equals(ECDSA_WITH_SHA256)
        && EcdsaSignature.fromDer(parts.signature())
            .filter(signature -> verifier.verifiesP256Sha256(key, parts.tbs(), signature))
            .isPresent();
  }
}
