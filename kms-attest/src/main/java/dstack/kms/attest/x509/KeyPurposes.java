package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * What a certificate's extensions allow its key to do.
 *
 * @param isCa whether basicConstraints says CA
 * @param pathLength how many CAs may stand below; negative if that is not limited
 * @param hasKeyUsage whether there is a keyUsage extension
 * @param signsCertificates keyCertSign
 * @param signsRevocationLists cRLSign
 * @param signsData digitalSignature
 * @param extendedPurposes the object identifiers of extendedKeyUsage; empty if there is none
 */
record KeyPurposes(
    boolean isCa,
    int pathLength,
    boolean hasKeyUsage,
    boolean signsCertificates,
    boolean signsRevocationLists,
    boolean signsData,
    Optional<Set<String>> extendedPurposes) {
  private static final int LIMIT = 4096;
  private static final int UNLIMITED = -1;
  private static final int DIGITAL_SIGNATURE = 0x80;
  private static final int KEY_CERT_SIGN = 0x04;
  private static final int CRL_SIGN = 0x02;

  static KeyPurposes of(ExtensionList extensions) {
    Optional<ASN1Sequence> constraints =
        extensions
            .value(ExtensionList.BASIC_CONSTRAINTS)
            .map(value -> StrictDer.parseSequence(value, LIMIT));
    boolean isCa = constraints.map(KeyPurposes::isCa).orElse(false);
    int usage = extensions.value(ExtensionList.KEY_USAGE).map(KeyPurposes::keyUsage).orElse(0);
    return new KeyPurposes(
        isCa,
        constraints.map(KeyPurposes::pathLength).orElse(UNLIMITED),
        extensions.has(ExtensionList.KEY_USAGE),
        (usage & KEY_CERT_SIGN) != 0,
        (usage & CRL_SIGN) != 0,
        (usage & DIGITAL_SIGNATURE) != 0,
        extensions.value(ExtensionList.EXTENDED_KEY_USAGE).map(KeyPurposes::extendedPurposes));
  }

  /** Whether there is no extendedKeyUsage, or it lists the purpose; "any" lists nothing. */
  boolean allows(String purpose) {
    return extendedPurposes.isEmpty() || extendedPurposes.get().contains(purpose);
  }

  /** digitalSignature, and the right to sign neither certificates nor lists. */
  boolean isForSignaturesOnly() {
    return signsData && !signsCertificates && !signsRevocationLists;
  }

  private static boolean isCa(ASN1Sequence constraints) {
    if (constraints.size() == 0) {
      return false;
    }
    // A written cA must be TRUE: DER leaves the default out, and a pathLen without it is nothing.
    if (constraints.size() > 2
        || !StrictDer.as(constraints.getObjectAt(0), ASN1Boolean.class).isTrue()) {
      throw invalidValue();
    }
    return true;
  }

  private static int pathLength(ASN1Sequence constraints) {
    if (constraints.size() < 2) {
      return UNLIMITED;
    }
    BigInteger length = StrictDer.as(constraints.getObjectAt(1), ASN1Integer.class).getValue();
    if (length.signum() < 0 || length.bitLength() > 7) {
      throw invalidValue();
    }
    return length.intValue();
  }

  private static int keyUsage(Bytes value) {
    ASN1BitString bits = StrictDer.as(StrictDer.parse(value, LIMIT), ASN1BitString.class);
    byte[] octets = bits.getBytes();
    return octets.length == 0 ? 0 : Byte.toUnsignedInt(octets[0]);
  }

  private static Set<String> extendedPurposes(Bytes value) {
    Set<String> purposes = new HashSet<>();
    for (ASN1Encodable purpose : StrictDer.parseSequence(value, LIMIT)) {
      purposes.add(StrictDer.as(purpose, ASN1ObjectIdentifier.class).getId());
    }
    return Set.copyOf(purposes);
  }

  private static RefusalException invalidValue() {
    return new RefusalException(PathRefusal.MALFORMED, "ExtensionValueInvalid");
  }
}
