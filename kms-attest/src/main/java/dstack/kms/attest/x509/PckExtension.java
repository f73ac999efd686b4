package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
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
    Entries extension = extensionOf(certificate);
    Bytes ppid = octets(extension.required(".1"));
    Entries tcb = Entries.of(extension.required(".2"));
    Bytes cpuSvn = octets(tcb.required(".2.18"));
    requireLength(cpuSvn, 16, "CpuSvn length mismatch");
    int pceSvn = pceSvn(tcb);
    Bytes pceId = octets(extension.required(".3"));
    Bytes fmspc = fmspc(extension);
    ASN1Enumerated sgxType = StrictDer.as(extension.required(".5"), ASN1Enumerated.class);
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
        extension.find(".6").map(PckExtension::octets));
  }

  /**
   * Reads the FMSPC alone, which names the collateral to fetch.
   *
   * @throws RefusalException {@link PathRefusal#INTEL_EXTENSION} as {@link #of}
   */
  public static Bytes fmspcOf(UnverifiedCertificate certificate) {
    return StrictDer.read(() -> fmspc(extensionOf(certificate)));
  }

  private static Entries extensionOf(UnverifiedCertificate certificate) {
    Bytes value =
        certificate.extension(OID).orElseThrow(() -> refusal("Intel extension not found"));
    return Entries.of(StrictDer.parseSequence(value, LIMIT));
  }

  private static Bytes fmspc(Entries extension) {
    Bytes fmspc = octets(extension.find(".4").orElseThrow(() -> refusal("Failed to find Fmspc")));
    requireLength(fmspc, 6, "Fmspc length mismatch");
    return fmspc;
  }

  private static int pceSvn(Entries tcb) {
    BigInteger value = StrictDer.as(tcb.required(".2.17"), ASN1Integer.class).getValue();
    // Content of two bytes at most: 32,768 and above would need a third for the sign.
    if (value.signum() < 0 || value.bitLength() > 15) {
      throw refusal("PceSvn length mismatch");
    }
    return value.intValue();
  }

  /** Pairs of an identifier and a value, each identifier once. */
  private record Entries(Map<String, ASN1Encodable> values) {
    static Entries of(ASN1Encodable sequence) {
      Map<String, ASN1Encodable> values = new HashMap<>();
      for (ASN1Encodable entry : StrictDer.sequence(sequence)) {
        ASN1Sequence pair = StrictDer.sequence(entry);
        if (pair.size() != 2) {
          throw refusal("Failed to read entry inside Intel extension");
        }
        String oid = StrictDer.as(pair.getObjectAt(0), ASN1ObjectIdentifier.class).getId();
        if (values.put(oid, pair.getObjectAt(1)) != null) {
          throw refusal("Intel extension path " + oid + " appears more than once");
        }
      }
      return new Entries(values);
    }

    Optional<ASN1Encodable> find(String suffix) {
      return Optional.ofNullable(values.get(OID + suffix));
    }

    ASN1Encodable required(String suffix) {
      return find(suffix)
          .orElseThrow(() -> refusal("Intel extension path " + OID + suffix + " is missing"));
    }
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
