package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import java.util.Optional;

/**
 * Hardware statements without a container around them, as tools of the vendors write them: an
 * attestation document of a Nitro enclave, or a report of SEV-SNP. Only for files that people look
 * at; a server takes containers only.
 */
final class BareEvidence {
  private static final int SNP_REPORT = 1184;
  private static final int SNP_REPORT_DATA = 0x50;
  private static final int MAX_COSE = 16 << 10;

  private BareEvidence() {}

  /** The statement in an attestation that claims what it says itself; empty for other bytes. */
  static Optional<UnverifiedAttestation> read(Bytes content) {
    if (isCose(content)) {
      return Optional.of(around(new NitroEnclaveEvidence(content), userData(content)));
    }
    if (isSnpReport(content)) {
      Bytes reportData = content.slice(SNP_REPORT_DATA, SNP_REPORT_DATA + ReportData.LENGTH);
      return Optional.of(around(new SevSnpEvidence(content, List.of(), ""), reportData));
    }
    return Optional.empty();
  }

  /** An array of four whose first item is a byte string, tagged or not: no container begins so. */
  private static boolean isCose(Bytes content) {
    if (content.length() < 3 || content.length() > MAX_COSE) {
      return false;
    }
    int array = content.at(0) == 0xd2 ? 1 : 0;
    return content.at(array) == 0x84 && content.at(array + 1) >> 5 == 2;
  }

  private static boolean isSnpReport(Bytes content) {
    return content.length() == SNP_REPORT
        && (content.at(0) == 2 || content.at(0) == 3)
        && content.slice(1, 4).isAllZero();
  }

  /** What the document is bound to if that can be report data at all; else zeros, which fail. */
  private static Bytes userData(Bytes content) {
    try {
      CborValue outer = CborReader.readAll(content);
      CborValue inner = outer instanceof CborValue.Tagged tagged ? tagged.item() : outer;
      List<CborValue> parts = inner.asArray("COSE_Sign1");
      Bytes payload = parts.size() == 4 ? parts.get(2).asBytes("payload") : Bytes.EMPTY;
      return CborReader.readAllFromOpenMap(payload)
          .asMap("document")
          .get("user_data")
          .filter(value -> value instanceof CborValue.Raw)
          .map(value -> value.asBytes("user_data"))
          .filter(data -> data.length() == ReportData.LENGTH)
          .orElse(Bytes.zeros(ReportData.LENGTH));
    } catch (RefusalException e) {
      return Bytes.zeros(ReportData.LENGTH); // the verifier's own parse says what is wrong
    }
  }

  private static UnverifiedAttestation around(Evidence evidence, Bytes reportData) {
    return new UnverifiedAttestation(
        ContainerVersion.V1, evidence, reportData, RuntimeEvents.NONE, "", Optional.empty());
  }
}
