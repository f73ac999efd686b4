package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;

/**
 * An X.509 certificate of version 3 that was read from strict DER and of which nothing was checked.
 *
 * <p>A critical extension that the path validation does not understand is refused here already.
 */
public final class UnverifiedCertificate {
  /** A certificate may have so many bytes; Intel's have about 1,200. */
  public static final int MAX_LENGTH = 16 << 10;

  private static final Set<String> UNDERSTOOD =
      Set.of(
          ExtensionList.KEY_USAGE,
          ExtensionList.SUBJECT_ALT_NAME,
          ExtensionList.BASIC_CONSTRAINTS,
          ExtensionList.EXTENDED_KEY_USAGE,
          ExtensionList.CRL_DISTRIBUTION_POINTS);
  private static final BigInteger VERSION_3 = BigInteger.TWO;

  private final Bytes der;
  private final SignedDer signed;
  private final BigInteger serial;
  private final DistinguishedName issuer;
  private final DistinguishedName subject;
  private final ValidityWindow validity;
  private final Bytes subjectPublicKeyInfo;
  private final Optional<VerificationKey> key;
  private final ExtensionList extensions;
  private final KeyPurposes purposes;

  private UnverifiedCertificate(Bytes der) {
    this.der = der;
    this.signed = SignedDer.parse(der, MAX_LENGTH);
    ASN1Sequence body = signed.body();
    if (body.size() != 8) {
      // Seven fields without the version or the extensions; more with unique identifiers.
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCertVersion");
    }
    requireVersion3(body.getObjectAt(0));
    this.serial = StrictDer.as(body.getObjectAt(1), ASN1Integer.class).getValue();
    if (!StrictDer.encode(body.getObjectAt(2)).equals(signed.algorithm())) {
      throw new RefusalException(PathRefusal.MALFORMED, "SignatureAlgorithmMismatch");
    }
    this.issuer = DistinguishedName.read(body.getObjectAt(3));
    this.validity = validity(body.getObjectAt(4));
    this.subject = DistinguishedName.read(body.getObjectAt(5));
    this.subjectPublicKeyInfo = StrictDer.encode(body.getObjectAt(6));
    this.key = VerificationKey.fromSubjectPublicKeyInfo(subjectPublicKeyInfo);
    this.extensions = extensions(body.getObjectAt(7));
    extensions.requireUnderstood(UNDERSTOOD);
    if (extensions.has(ExtensionList.NAME_CONSTRAINTS)) {
      // Constraints bind whether or not they are critical, and nothing here evaluates them.
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCriticalExtension");
    }
    this.purposes = KeyPurposes.of(extensions);
  }

  /**
   * Reads one certificate.
   *
   * @throws RefusalException for anything that is not the strict DER of a certificate of version 3,
   *     or has an unknown critical extension
   */
  public static UnverifiedCertificate parse(Bytes der) {
    return StrictDer.read(() -> new UnverifiedCertificate(der));
  }

  private static void requireVersion3(ASN1Encodable field) {
    BigInteger version =
        field.toASN1Primitive() instanceof ASN1TaggedObject tagged
                && tagged.hasContextTag(0)
                && tagged.isExplicit()
            ? StrictDer.as(tagged.getExplicitBaseObject(), ASN1Integer.class).getValue()
            : BigInteger.ZERO;
    if (!version.equals(VERSION_3)) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCertVersion");
    }
  }

  private static ValidityWindow validity(ASN1Encodable field) {
    ASN1Sequence dates = StrictDer.sequence(field);
    if (dates.size() != 2) {
      throw StrictDer.badDer();
    }
    return ValidityWindow.between(
        DerTime.read(dates.getObjectAt(0)), DerTime.read(dates.getObjectAt(1)));
  }

  private static ExtensionList extensions(ASN1Encodable field) {
    if (field.toASN1Primitive() instanceof ASN1TaggedObject tagged
        && tagged.getTagClass() == BERTags.CONTEXT_SPECIFIC
        && tagged.getTagNo() == 3
        && tagged.isExplicit()) {
      return ExtensionList.read(tagged.getExplicitBaseObject());
    }
    throw StrictDer.badDer();
  }

  /** The certificate's bytes. */
  public Bytes der() {
    return der;
  }

  /** The issuer's name. */
  public DistinguishedName issuer() {
    return issuer;
  }

  /** The subject's name. */
  public DistinguishedName subject() {
    return subject;
  }

  /** The positive, negative or zero number that its issuer gave it; AMD gives zero. */
  public BigInteger serial() {
    return serial;
  }

  /** The first second of its validity. */
  public Instant notBefore() {
    return validity.firstInstant();
  }

  /** The last second of its validity. */
  public Instant notAfter() {
    return validity.lastInstant();
  }

  /** Whether basicConstraints says CA. */
  public boolean isCa() {
    return purposes.isCa();
  }

  /** Whether it has a CRL distribution points extension, readable or not. */
  public boolean namesRevocationList() {
    return extensions.has(ExtensionList.CRL_DISTRIBUTION_POINTS);
  }

  /** The first URI of the CRL distribution points, if there is one. */
  public Optional<String> revocationListUri() {
    return revocationListUris().stream().findFirst();
  }

  /** All URIs of the CRL distribution points in their order. */
  public List<String> revocationListUris() {
    return extensions
        .value(ExtensionList.CRL_DISTRIBUTION_POINTS)
        .map(value -> StrictDer.read(() -> DistributionPoints.uris(value)))
        .orElse(List.of());
  }

  /** The first URI of caIssuers in authorityInfoAccess, where the issuer's certificate lies. */
  public Optional<String> authorityInfoAccessIssuerUri() {
    return extensions
        .value(ExtensionList.AUTHORITY_INFO_ACCESS)
        .flatMap(value -> StrictDer.read(() -> AuthorityInfoAccess.firstIssuerUri(value)));
  }

  /** The DER of the public key as it stands in the certificate, whatever its kind. */
  public Bytes subjectPublicKeyInfo() {
    return subjectPublicKeyInfo;
  }

  /** The public key; empty if it is of no kind or form that {@link VerificationKey} has. */
  public Optional<VerificationKey> key() {
    return key;
  }

  /**
   * The value of an extension.
   *
   * @throws RefusalException if it stands there twice
   */
  public Optional<Bytes> extension(String oid) {
    return extensions.value(oid);
  }

  /** Whether its signature holds under the other certificate's key; nothing else is compared. */
  public boolean isSignedBy(UnverifiedCertificate issuer, SignatureVerifier verifier) {
    return issuer.key.filter(issuerKey -> signed.holdsUnder(issuerKey, verifier)).isPresent();
  }

  SignedDer signed() {
    return signed;
  }

  ValidityWindow validity() {
    return validity;
  }

  KeyPurposes purposes() {
    return purposes;
  }
}
