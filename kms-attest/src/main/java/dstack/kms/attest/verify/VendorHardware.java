package dstack.kms.attest.verify;

import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.nitro.DocumentCertificates;
import dstack.kms.attest.quote.CertificationData;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.attest.snp.CarriedCertificates;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether evidence is of a vendor's hardware, as far as it tells by itself: a certificate in it is
 * signed by the key of a vendor's root.
 *
 * <p>Nobody is asked, and nothing about keys follows from it: it keeps settings for development
 * away from real machines. Evidence that carries no certificates does not tell.
 */
public final class VendorHardware {
  private final List<UnverifiedCertificate> roots;
  private final SignatureVerifier signatures;

  /** Knows the roots that are built in. */
  public VendorHardware(SignatureVerifier signatures) {
    TrustRoots vendors = TrustRoots.vendors();
    Stream<Bytes> single = Stream.of(vendors.tdx().der(), vendors.nitroEnclave().der());
    roots =
        Stream.concat(single, vendors.sevSnp().der().stream())
            .map(UnverifiedCertificate::parse)
            .toList();
    this.signatures = signatures;
  }

  /**
   * Whether it is.
   *
   * @throws RefusalException if the evidence is not of the form that it claims
   */
  public boolean isBehind(Evidence evidence) {
    return certificates(evidence).stream()
        .flatMap(der -> readable(der).stream())
        .anyMatch(found -> roots.stream().anyMatch(root -> found.isSignedBy(root, signatures)));
  }

  private static List<Bytes> certificates(Evidence evidence) {
    return switch (evidence) {
      case TdxEvidence tdx -> ofQuote(tdx.quote());
      case GcpTdxEvidence gcp -> ofQuote(gcp.quote());
      case NitroEnclaveEvidence nitro -> DocumentCertificates.ofEnclave(nitro.nsmQuote());
      case NitroTpmEvidence nitro -> DocumentCertificates.ofNitroTpm(nitro.attestationDoc());
      case SevSnpEvidence snp -> CarriedCertificates.of(snp.certChain());
    };
  }

  private static List<Bytes> ofQuote(Bytes quote) {
    CertificationData data = UnverifiedQuote.parse(quote).signatureData().certification();
    return data.type() == CertificationData.PCK_CHAIN
        ? PemChain.split(new String(data.data().toArray(), StandardCharsets.ISO_8859_1))
        : List.of();
  }

  private static Optional<UnverifiedCertificate> readable(Bytes der) {
    try {
      return Optional.of(UnverifiedCertificate.parse(der));
    } catch (RefusalException e) {
      return Optional.empty(); // others beside it may tell
    }
  }
}
