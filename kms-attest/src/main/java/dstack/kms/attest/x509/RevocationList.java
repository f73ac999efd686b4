package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;

/**
 * A direct X.509 revocation list of version 2 that was read from strict DER. Whether it is
 * authentic and in force is checked at each use, see {@link RevocationLists}.
 */
public final class RevocationList {
  /** A revocation list may have so many bytes; Intel's have up to about 3,500. */
  public static final int MAX_LENGTH = 4 << 20;

  private static final String DELTA_INDICATOR = "2.5.29.27";
  private static final String ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
  private static final String CERTIFICATE_ISSUER = "2.5.29.29";
  private static final Set<String> UNDERSTOOD =
      Set.of("2.5.29.20", "2.5.29.35", ISSUING_DISTRIBUTION_POINT);
  private static final Set<String> UNDERSTOOD_IN_ENTRY = Set.of("2.5.29.21", "2.5.29.24");

  private final SignedDer signed;
  private final DistinguishedName issuer;
  private final Instant thisUpdate;
  private final Instant nextUpdate;
  private final Set<BigInteger> revoked;
  private final ListScope scope;

  private RevocationList(Bytes der) {
    this.signed = SignedDer.parse(der, MAX_LENGTH);
    ASN1Sequence body = signed.body();
    // Version, algorithm, issuer, two dates, entries if there are any, extensions.
    if (body.size() != 6 && body.size() != 7) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCrlVersion");
    }
    requireVersion2(body.getObjectAt(0));
    if (!StrictDer.encode(body.getObjectAt(1)).equals(signed.algorithm())) {
      throw new RefusalException(PathRefusal.MALFORMED, "SignatureAlgorithmMismatch");
    }
    this.issuer = DistinguishedName.read(body.getObjectAt(2));
    this.thisUpdate = DerTime.read(body.getObjectAt(3));
    this.nextUpdate = DerTime.read(body.getObjectAt(4));
    this.revoked = body.size() == 7 ? entries(body.getObjectAt(5)) : Set.of();
    this.scope = scope(body.getObjectAt(body.size() - 1));
  }

  /**
   * Reads one revocation list.
   *
   * @throws RefusalException for anything that is not the strict DER of a direct list that is no
   *     delta, with an end date, or has an unknown critical extension
   */
  public static RevocationList parse(Bytes der) {
    return StrictDer.read(() -> new RevocationList(der));
  }

  private static void requireVersion2(ASN1Encodable field) {
    if (!(field.toASN1Primitive() instanceof ASN1Integer version)
        || !version.getValue().equals(BigInteger.ONE)) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCrlVersion");
    }
  }

  private static ListScope scope(ASN1Encodable field) {
    if (!(field.toASN1Primitive() instanceof ASN1TaggedObject tagged)
        || !tagged.hasContextTag(0)
        || !tagged.isExplicit()) {
      throw StrictDer.badDer();
    }
    ExtensionList extensions = ExtensionList.read(tagged.getExplicitBaseObject());
    if (extensions.has(DELTA_INDICATOR)) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedDeltaCrl");
    }
    extensions.requireUnderstood(UNDERSTOOD);
    return extensions
        .value(ISSUING_DISTRIBUTION_POINT)
        .map(ListScope::read)
        .orElse(ListScope.EVERYTHING);
  }

  private static Set<BigInteger> entries(ASN1Encodable field) {
    Set<BigInteger> serials = new HashSet<>();
    for (ASN1Encodable entry : StrictDer.sequence(field)) {
      ASN1Sequence parts = StrictDer.sequence(entry);
      if (parts.size() != 2 && parts.size() != 3) {
        throw StrictDer.badDer();
      }
      DerTime.read(parts.getObjectAt(1));
      if (parts.size() == 3) {
        ExtensionList extensions = ExtensionList.read(parts.getObjectAt(2));
        if (extensions.has(CERTIFICATE_ISSUER)) {
          throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedIndirectCrl");
        }
        extensions.requireUnderstood(UNDERSTOOD_IN_ENTRY);
      }
      serials.add(StrictDer.as(parts.getObjectAt(0), ASN1Integer.class).getValue());
    }
    // Not a copy: the sets that copies are made of take quadratic time for numbers that collide.
    return Collections.unmodifiableSet(serials);
  }

  /** The name of the authority whose certificates it lists. */
  public DistinguishedName issuer() {
    return issuer;
  }

  /** When it was issued. */
  public Instant thisUpdate() {
    return thisUpdate;
  }

  /** The first instant at which it is no longer in force. */
  public Instant nextUpdate() {
    return nextUpdate;
  }

  SignedDer signed() {
    return signed;
  }

  boolean lists(BigInteger serial) {
    return revoked.contains(serial);
  }

  /** Whether it speaks for the certificate, if its issuer issued it. */
  boolean covers(UnverifiedCertificate certificate) {
    return scope.covers(certificate);
  }

  /** Whether it speaks for only some of its issuer's certificates. */
  boolean isPartial() {
    return !scope.equals(ListScope.EVERYTHING);
  }

  ValidityWindow validity() {
    return new ValidityWindow(thisUpdate.getEpochSecond(), nextUpdate.getEpochSecond() - 1);
  }
}
