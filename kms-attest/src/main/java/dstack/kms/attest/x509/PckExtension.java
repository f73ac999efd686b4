package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * Intel's extension of a PCK certificate: which platform it is and how new (specification 11 §4).
 *
 * @param ppid the platform's identifier; 16 bytes in all real certificates
 * @param cpuSvn 16 bytes
 * @param pceSvn 0 to 32,767
 * @param pceId two bytes in all real certificates
 * @param fmspc 6 bytes
 * @param sgxType 0 standard, 1 scalable
 * @param platformInstanceId only of the platform authority
 */
public record PckExtension(
    Bytes ppid,
    Bytes cpuSvn,
    int pceSvn,
    Bytes pceId,
    Bytes fmspc,
    int sgxType,
    Optional<Bytes> platformInstanceId) {
  private static final String OID = "1.2.840.113741.1.13.1";
  private static final int LIMIT = 8192;

  /**
   * Reads the extension of a certificate.
   *
   * @throws RefusalException {@link PathRefusal#INTEL_EXTENSION} if it or a part of it is missing,
   *     malformed or there twice
   */
  public static PckExtension of(UnverifiedCertificate certificate) {
    return StrictDer.read(() -> read(certificate));
  }

  private static PckExtension read(UnverifiedCertificate certificate) {
    ASN1Sequence extension = extensionOf(certificate);
    Bytes ppid = octets(required(extension, ".1"));
    ASN1Sequence tcb = StrictDer.sequence(required(extension, ".2"));
    Bytes cpuSvn = octets(required(tcb, ".2.18"));
    requireLength(cpuSvn, 16, "CpuSvn length mismatch");
    int pceSvn = pceSvn(tcb);
    Bytes pceId = octets(required(extension, ".3"));
    Bytes fmspc = fmspc(extension);
    ASN1Enumerated sgxType = StrictDer.as(required(extension, ".5"), ASN1Enumerated.class);
    if (sgxType.getValue().signum() < 0 || sgxType.getValue().bitLength() > 7) {
      throw refusal("Invalid SGX type");
    }
    return new PckExtension(
        ppid,
        cpuSvn,
        pceSvn,
        pceId,
        fmspc,
        sgxType.intValueExact(),
        find(extension, ".6").map(PckExtension::octets));
  }

  /**
   * Reads the FMSPC alone, which names the collateral to fetch.
   *
   * @throws RefusalException {@link PathRefusal#INTEL_EXTENSION} as {@link #of}
   */
  public static Bytes fmspcOf(UnverifiedCertificate certificate) {
    return StrictDer.read(() -> fmspc(extensionOf(certificate)));
  }

  private static ASN1Sequence extensionOf(UnverifiedCertificate certificate) {
    Bytes value =
        certificate.extension(OID).orElseThrow(() -> refusal("Intel extension not found"));
    return StrictDer.parseSequence(value, LIMIT);
  }

  private static Bytes fmspc(ASN1Sequence extension) {
    Bytes fmspc = octets(find(extension, ".4").orElseThrow(() -> refusal("Failed to find Fmspc")));
    requireLength(fmspc, 6, "Fmspc length mismatch");
    return fmspc;
  }

  private static int pceSvn(ASN1Sequence tcb) {
    BigInteger value = StrictDer.as(required(tcb, ".2.17"), ASN1Integer.class).getValue();
    // Content of two bytes at most: 32,768 and above would need a third for the sign.
    if (value.signum() < 0 || value.bitLength() > 15) {
      throw refusal("PceSvn length mismatch");
    }
    return value.intValue();
  }

  private static ASN1Encodable required(ASN1Sequence entries, String suffix) {
    return find(entries, suffix)
        .orElseThrow(() -> refusal("Intel extension path " + OID + suffix + " is missing"));
  }

  private static Optional<ASN1Encodable> find(ASN1Sequence entries, String suffix) {
    Optional<ASN1Encodable> found = Optional.empty();
    for (ASN1Encodable entry : entries) {
      ASN1Sequence pair = StrictDer.sequence(entry);
      if (pair.size() != 2) {
        throw refusal("Failed to read entry inside Intel extension");
      }
      if (StrictDer.as(pair.getObjectAt(0), ASN1ObjectIdentifier.class)
          .getId()
          .equals(OID + suffix)) {
        if (found.isPresent()) {
          throw refusal("Intel extension path " + OID + suffix + " appears more than once");
        }
        found = Optional.of(pair.getObjectAt(1));
      }
    }
    return found;
  }

  private static Bytes octets(ASN1Encodable value) {
    return Bytes.of(StrictDer.as(value, ASN1OctetString.class).getOctets());
  }

  private static void requireLength(Bytes value, int length, String text) {
    if (value.length() != length) {
      throw refusal(text);
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(PathRefusal.INTEL_EXTENSION, text);
  }
}
