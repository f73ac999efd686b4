package dstack.kms.sim.vendor;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;

/**
 * What a maker's revocation list is to say.
 *
 * @param issuer whose name it carries
 * @param signer the key that signs it, which is the issuer's unless it is to be forged
 * @param thisUpdate when it was made
 * @param nextUpdate from when on it counts no longer
 * @param revoked the serial numbers it lists
 */
public record VendorList(
    VendorCertificate issuer,
    VendorKey signer,
    Instant thisUpdate,
    Instant nextUpdate,
    List<BigInteger> revoked) {
  private static final Duration PAST = Duration.ofHours(1);
  private static final Duration FUTURE = Duration.ofDays(7);

  public VendorList {
    revoked = List.copyOf(revoked);
  }

  /** The list in force now, of nothing. */
  public static VendorList empty(VendorCertificate issuer, Instant now) {
    return new VendorList(issuer, issuer.key(), now.minus(PAST), now.plus(FUTURE), List.of());
  }

  /** The list that ended in the last minute. */
  public VendorList ended(Instant now) {
    return new VendorList(
        issuer, signer, now.minus(FUTURE), now.minus(Duration.ofMinutes(1)), revoked);
  }

  /** The list that revokes the certificate. */
  public VendorList revoking(VendorCertificate certificate) {
    return new VendorList(
        issuer, signer, thisUpdate, nextUpdate, List.of(certificate.serialNumber()));
  }

  /** The list that another key signed. */
  public VendorList signedBy(VendorKey other) {
    return new VendorList(issuer, other, thisUpdate, nextUpdate, revoked);
  }

  /** The signed list in DER: version 2, with CRL number and authority key identifier. */
  public Bytes der() {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer.subject(), Date.from(thisUpdate));
    builder.setNextUpdate(Date.from(nextUpdate));
    for (BigInteger serial : revoked) {
      builder.addCRLEntry(serial, Date.from(thisUpdate), CRLReason.keyCompromise);
    }
    try {
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(issuer.key().keyId()));
      return Bytes.of(builder.build(signer.contentSigner(issuer.scheme())).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
