package dstack.kms.attest.evidence;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateExtension;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The attestation that a certificate carries (specification 02 §3, 10 §6): extension {@code .8} if
 * it is there, else the pair {@code .1} and {@code .2}, else none. What {@code .8} holds is decoded
 * or refused; there is no falling back from it.
 *
 * <p>Nothing is ever decompressed: compressed content is no attestation.
 */
public final class CertificateEvidence {
  private static final String ARC = "1.3.6.1.4.1.62397.1.";
  private static final String QUOTE = ARC + "1";
  private static final String EVENT_LOG = ARC + "2";
  private static final String ATTESTATION = ARC + "8";

  private CertificateEvidence() {}

  /** The attestation in a certificate, whether or not anything else in that is acceptable. */
  public static Optional<UnverifiedAttestation> of(ParsedCertificate certificate) {
    return of(
        oid -> certificate.extensions(oid).stream().map(CertificateExtension::value).toList());
  }

  /**
   * Looks the extensions up by their dotted OID; the function gives the value of every extension of
   * that OID, without the OCTET STRING that X.509 puts around it.
   */
  public static Optional<UnverifiedAttestation> of(Function<String, List<Bytes>> extensionValues) {
    Optional<Bytes> attestation = content(ATTESTATION, extensionValues);
    Optional<Bytes> quote = content(QUOTE, extensionValues);
    Optional<Bytes> eventLog = content(EVENT_LOG, extensionValues);
    if (attestation.isPresent()) {
      return Optional.of(decode(attestation.get()));
    }
    if (quote.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        fromPair(quote.get(), eventLog.orElseThrow(() -> refusal("TDX event log missing"))));
  }

  private static UnverifiedAttestation decode(Bytes attestation) {
    try {
      return UnverifiedAttestation.decode(attestation);
    } catch (RefusalException e) {
      throw e.within("Failed to decode attestation from cert extension");
    }
  }

  private static UnverifiedAttestation fromPair(Bytes quote, Bytes eventLog) {
    try {
      return LegacyPair.toAttestation(quote, eventLog);
    } catch (RefusalException e) {
      throw e.within("Failed to create attestation from TDX quote");
    }
  }

  private static Optional<Bytes> content(String oid, Function<String, List<Bytes>> values) {
    List<Bytes> found = values.apply(oid);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String context = "Failed to get extension for [" + oid.replace(".", ", ") + "]";
    if (found.size() > 1) {
      throw refusal(context + ": extension appears more than once");
    }
    try {
      DerReader in = new DerReader(found.getFirst());
      Bytes content = in.content(DerTag.OCTET_STRING);
      in.expectEnd();
      return Optional.of(content);
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(EvidenceRefusal.CERTIFICATE_EVIDENCE, text);
  }
}
