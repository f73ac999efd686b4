package dstack.kms.cli.verify;

import dstack.kms.attest.quote.QuoteReport;
import dstack.kms.attest.quote.SgxReport;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.TdReport15;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a report under the names and in the order of specification 11 §2. */
final class ReportFields {
  private ReportFields() {}

  static Map<String, Object> of(QuoteReport report) {
    return switch (report) {
      case SgxReport sgx -> ofEnclave(sgx);
      case TdReport15 td -> ofDomain15(td);
      case TdReport td -> ofDomain(td);
    };
  }

  private static Map<String, Object> ofEnclave(SgxReport sgx) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cpu_svn", sgx.cpuSvn().hex());
    fields.put("misc_select", sgx.miscSelect());
    fields.put("attributes", sgx.attributes().hex());
    fields.put("mr_enclave", sgx.mrEnclave().hex());
    fields.put("mr_signer", sgx.mrSigner().hex());
    fields.put("isv_prod_id", sgx.isvProdId());
    fields.put("isv_svn", sgx.isvSvn());
    fields.put("report_data", sgx.reportData().hex());
    return fields;
  }

  private static Map<String, Object> ofDomain15(TdReport15 td) {
    Map<String, Object> fields = ofDomain(td);
    fields.put("tee_tcb_svn2", td.teeTcbSvn2().hex());
    fields.put("mr_service_td", td.mrServiceTd().hex());
    return fields;
  }

  private static Map<String, Object> ofDomain(TdReport td) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tee_tcb_svn", td.teeTcbSvn().hex());
    fields.put("mr_seam", td.mrSeam().hex());
    fields.put("mr_signer_seam", td.mrSignerSeam().hex());
    fields.put("seam_attributes", td.seamAttributes().hex());
    fields.put("td_attributes", td.tdAttributes().hex());
    fields.put("xfam", td.xfam().hex());
    fields.put("mr_td", td.mrTd().hex());
    fields.put("mr_config_id", td.mrConfigId().hex());
    fields.put("mr_owner", td.mrOwner().hex());
    fields.put("mr_owner_config", td.mrOwnerConfig().hex());
    for (int i = 0; i < td.rtMrs().size(); i++) {
      fields.put("rt_mr" + i, td.rtMrs().get(i).hex());
    }
    fields.put("report_data", td.reportData().hex());
    return fields;
  }
}
