package dstack.kms.cli.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.attest.dcap.VerifiedQuote;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** What {@code kms verify quote} answers; bytes are lower-case hexadecimal. */
@JsonPropertyOrder({"status", "advisory_ids", "ppid", "fmspc", "tee_type", "report"})
record QuoteAnswer(
    String status,
    @JsonProperty("advisory_ids") List<String> advisoryIds,
    String ppid,
    String fmspc,
    @JsonProperty("tee_type") String teeType,
    Map<String, Object> report) {
  static QuoteAnswer of(VerifiedQuote quote) {
    return new QuoteAnswer(
        quote.status().text(),
        quote.advisoryIds(),
        quote.ppid().hex(),
        quote.fmspc().hex(),
        quote.teeType().path(),
        ReportFields.of(quote.report()));
  }

  /** One line per value. */
  void print(PrintWriter out) {
    out.println("accepted: TCB status " + status);
    out.println("advisories: " + (advisoryIds.isEmpty() ? "none" : String.join(", ", advisoryIds)));
    out.println("ppid: " + ppid);
    out.println("fmspc: " + fmspc);
    out.println("tee type: " + teeType);
    report.forEach((name, value) -> out.println(name + ": " + value));
  }
}
