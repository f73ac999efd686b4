package dstack.kms.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfoJson;
import dstack.kms.core.bytes.Bytes;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code kms verify attestation} answers.
 *
 * @param bootInfo exactly what an authority would be sent (specification 04 §7.2)
 * @param unchecked what the verification left out; absent if nothing
 */
@JsonPropertyOrder({
  "tee_variant",
  "tcb_status",
  "advisory_ids",
  "boot_info",
  "report_data",
  "unchecked"
})
record AttestationAnswer(
    @JsonProperty("tee_variant") String teeVariant,
    @JsonProperty("tcb_status") String tcbStatus,
    @JsonProperty("advisory_ids") List<String> advisoryIds,
    @JsonProperty("boot_info") JsonNode bootInfo,
    @JsonProperty("report_data") String reportData,
    @JsonProperty("unchecked") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unchecked)
    implements Printable {
  static AttestationAnswer of(
      VerifiedAttestation verified,
      String vmConfig,
      MeasurementPoint point,
      List<String> unchecked) {
    Bytes bootInfo = BootInfoJson.encode(verified.bootInfo(vmConfig, point));
    return new AttestationAnswer(
        verified.teeVariant().wireName(),
        verified.tcbStatus(),
        verified.advisoryIds(),
        JsonMapper.shared().readTree(bootInfo.toArray()),
        verified.reportData().value().hex(),
        unchecked);
  }

  @Override
  public void print(PrintWriter out) {
    out.println("accepted: " + teeVariant + ", " + Printable.status(tcbStatus));
    out.println("advisories: " + (advisoryIds.isEmpty() ? "none" : String.join(", ", advisoryIds)));
    out.println("report data: " + reportData);
    bootInfo
        .properties()
        .forEach(each -> out.println(each.getKey() + ": " + text(each.getValue())));
    unchecked.forEach(each -> out.println("not checked: " + each));
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }
}
