package dstack.kms.attest.forged;

import dstack.kms.core.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/** Makes Intel's extension of a PCK certificate; every entry can be changed or taken out. */
public final class PckParts {
  public static final ASN1ObjectIdentifier OID = new ASN1ObjectIdentifier("1.2.840.113741.1.13.1");

  public final Map<String, ASN1Encodable> entries = new LinkedHashMap<>();
  public final Map<String, ASN1Encodable> tcb = new LinkedHashMap<>();

  public PckParts() {
    entries.put(".1", octets("00112233445566778899aabbccddeeff"));
    tcb.put(".2.17", new ASN1Integer(11));
    tcb.put(".2.18", octets("05050202030101030000000000000000"));
    entries.put(".3", octets("0000"));
    entries.put(".4", octets("00906ed50000"));
    entries.put(".5", new ASN1Enumerated(1));
  }

  public static DEROctetString octets(String hex) {
    return new DEROctetString(Bytes.fromHex(hex).toArray());
  }

  public Bytes der() {
    Map<String, ASN1Encodable> all = new LinkedHashMap<>(entries);
    if (!tcb.isEmpty()) {
      all.putIfAbsent(".2", sequence(tcb));
    }
    return Certs.der(sequence(all));
  }

  private static DERSequence sequence(Map<String, ASN1Encodable> entries) {
    ASN1EncodableVector pairs = new ASN1EncodableVector();
    entries.forEach(
        (suffix, value) ->
            pairs.add(
                new DERSequence(
                    new ASN1Encodable[] {new ASN1ObjectIdentifier(OID + suffix), value})));
    return new DERSequence(pairs);
  }
}
