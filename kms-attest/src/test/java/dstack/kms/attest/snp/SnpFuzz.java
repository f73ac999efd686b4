package dstack.kms.attest.snp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.attest.snp.report.ReportPolicy;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** Any bytes are a report or a certificate table or are refused; nothing else is thrown. */
final class SnpFuzz {
  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyReport(byte[] input) {
    try {
      SnpReport report = SnpReport.parse(Bytes.of(input).paddedTo(SnpReport.LENGTH));
      SnpProduct.candidatesFor(report);
      ReportPolicy.require(report);
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyCertificateTable(byte[] input) {
    try {
      SnpCertificates found = SnpCertificates.of(List.of(Bytes.of(input)));
      CertificateText.parse(found.ask(), "ask");
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
