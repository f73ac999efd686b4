package dstack.kms.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.attest.gcp.VerifiedGcpTdx;
import dstack.kms.attest.nitro.VerifiedNitroEnclave;
import dstack.kms.attest.nitro.VerifiedNitroTpm;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.snp.VerifiedSevSnp;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code kms verify attestation --evidence-only} answers: what the hardware says, without an
 * identity.
 *
 * @param deviceId the platform's own id
 * @param instance names the machine or enclave
 * @param measurements the registers by name
 * @param unchecked what the verification left out; absent if nothing
 */
@JsonPropertyOrder({
  "tee_variant",
  "tcb_status",
  "advisory_ids",
  "device_id",
  "instance",
  "measurements",
  "report_data",
  "unchecked"
})
record EvidenceAnswer(
    @JsonProperty("tee_variant") String teeVariant,
    @JsonProperty("tcb_status") String tcbStatus,
    @JsonProperty("advisory_ids") List<String> advisoryIds,
    @JsonProperty("device_id") String deviceId,
    @JsonProperty("instance") String instance,
    @JsonProperty("measurements") Map<String, String> measurements,
    @JsonProperty("report_data") String reportData,
    @JsonProperty("unchecked") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unchecked)
    implements Printable {

  static EvidenceAnswer of(VerifiedAttestation verified, List<String> unchecked) {
    VerifiedPlatform platform = verified.platform();
    return new EvidenceAnswer(
        verified.teeVariant().wireName(),
        verified.tcbStatus(),
        verified.advisoryIds(),
        platform.rawDeviceId().hex(),
        platform.instanceLabel(),
        measurements(platform),
        verified.reportData().value().hex(),
        unchecked);
  }

  private static Map<String, String> measurements(VerifiedPlatform platform) {
    Map<String, String> found = new LinkedHashMap<>();
    switch (platform) {
      case VerifiedTdx tdx -> domain(tdx.report(), found);
      case VerifiedGcpTdx gcp -> {
        domain(gcp.tdx().report(), found);
        put(found, "pcr0", gcp.pcr0());
        put(found, "pcr2", gcp.pcr2());
        put(found, "pcr14", gcp.pcr14());
      }
      case VerifiedNitroEnclave enclave -> put(found, "image", enclave.imageHash());
      case VerifiedNitroTpm instance -> put(found, "boot", instance.bootDigest());
      case VerifiedSevSnp guest -> {
        put(found, "measurement", guest.report().measurement());
        put(found, "host_data", guest.report().hostData());
      }
      default -> {}
    }
    return found;
  }

  private static void domain(TdReport report, Map<String, String> found) {
    put(found, "mrtd", report.mrTd());
    for (int i = 0; i < report.rtMrs().size(); i++) {
      put(found, "rtmr" + i, report.rtMrs().get(i));
    }
  }

  private static void put(Map<String, String> found, String name, Bytes value) {
    found.put(name, value.hex());
  }

  @Override
  public void print(PrintWriter out) {
    out.println("accepted: " + teeVariant + ", " + Printable.status(tcbStatus));
    out.println("advisories: " + (advisoryIds.isEmpty() ? "none" : String.join(", ", advisoryIds)));
    out.println("device: " + deviceId);
    out.println("instance: " + instance);
    measurements.forEach((name, value) -> out.println(name + ": " + value));
    out.println("report data: " + reportData);
    unchecked.forEach(each -> out.println("not checked: " + each));
  }
}
