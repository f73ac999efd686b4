package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/** The SGX extension of a PCK certificate (specification 11 §4). */
public final class SgxExtension {
  /** The extension's object identifier. */
  public static final String OID = "1.2.840.113741.1.13.1";

  private static final ASN1ObjectIdentifier ARC = new ASN1ObjectIdentifier(OID);
  private static final ASN1ObjectIdentifier TCB = ARC.branch("2");
  private static final ASN1ObjectIdentifier CONFIGURATION = ARC.branch("7");

  private SgxExtension() {}

  /** The complete extension content in DER. */
  public static Bytes der(PckIdentity identity) {
    ASN1EncodableVector entries = new ASN1EncodableVector();
    entries.add(entry(ARC.branch("1"), octets(identity.ppid())));
    entries.add(entry(TCB, tcb(identity)));
    entries.add(entry(ARC.branch("3"), octets(identity.pceId())));
    entries.add(entry(ARC.branch("4"), octets(identity.fmspc())));
    boolean scalable = identity.platformInstanceId().isPresent();
    entries.add(entry(ARC.branch("5"), new ASN1Enumerated(scalable ? 1 : 0)));
    identity
        .platformInstanceId()
        .ifPresent(
            id -> {
              entries.add(entry(ARC.branch("6"), octets(id)));
              entries.add(entry(CONFIGURATION, configuration()));
            });
    try {
      return Bytes.of(new DERSequence(entries).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DERSequence tcb(PckIdentity identity) {
    ASN1EncodableVector components = new ASN1EncodableVector();
    for (int i = 0; i < 16; i++) {
      components.add(
          entry(TCB.branch(String.valueOf(i + 1)), new ASN1Integer(identity.cpuSvn().at(i))));
    }
    components.add(entry(TCB.branch("17"), new ASN1Integer(BigInteger.valueOf(identity.pceSvn()))));
    components.add(entry(TCB.branch("18"), octets(identity.cpuSvn())));
    return new DERSequence(components);
  }

  /** Dynamic platform, cached keys, SMT enabled: all true, as on real servers. */
  private static DERSequence configuration() {
    ASN1EncodableVector flags = new ASN1EncodableVector();
    for (int i = 1; i <= 3; i++) {
      flags.add(entry(CONFIGURATION.branch(String.valueOf(i)), ASN1Boolean.TRUE));
    }
    return new DERSequence(flags);
  }

  private static DERSequence entry(ASN1ObjectIdentifier oid, ASN1Encodable value) {
    return new DERSequence(new ASN1Encodable[] {oid, value});
  }

  private static DEROctetString octets(Bytes value) {
    return new DEROctetString(value.toArray());
  }
}
