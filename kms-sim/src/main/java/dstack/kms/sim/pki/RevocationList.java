package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;

/**
 * What a certificate revocation list is to say.
 *
 * @param issuer whose name it carries
 * @param signer the key that signs it, which is the issuer's unless it is to be forged
 * @param thisUpdate when it was made
 * @param nextUpdate from when on it counts no longer
 * @param revoked the serial numbers it lists
 */
public record RevocationList(
    CertifiedKey issuer,
    SimulatedKey signer,
    Instant thisUpdate,
    Instant nextUpdate,
    List<BigInteger> revoked) {
  public RevocationList {
    revoked = List.copyOf(revoked);
  }

  /** The signed list in DER: version 2, with CRL number and authority key identifier. */
  public Bytes der() {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(issuer.certificate().getSubject(), Date.from(thisUpdate));
    builder.setNextUpdate(Date.from(nextUpdate));
    for (BigInteger serial : revoked) {
      builder.addCRLEntry(serial, Date.from(thisUpdate), CRLReason.keyCompromise);
    }
    try {
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(CertificateRecipe.keyId(issuer.key())));
      return Bytes.of(builder.build(signer.contentSigner()).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
