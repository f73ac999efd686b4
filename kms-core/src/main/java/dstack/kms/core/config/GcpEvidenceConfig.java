package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * How evidence of Google Cloud is judged: {@code [core.attestation.gcp]}.
 *
 * @param firmwarePcr0 values of PCR 0 that are good beside the one of Google's known firmware, 32
 *     bytes each
 * @param bareUkiHash whether an image may be claimed by the hash of its boot program alone, as
 *     releases before {@code gcp_measurement} do
 * @param projects ids of the projects whose machines are accepted; empty for all
 * @param instances decimal ids of the machines that are accepted; empty for all
 */
public record GcpEvidenceConfig(
    List<Bytes> firmwarePcr0, boolean bareUkiHash, List<String> projects, List<String> instances) {
  public GcpEvidenceConfig {
    firmwarePcr0 = List.copyOf(firmwarePcr0);
    projects = List.copyOf(projects);
    instances = List.copyOf(instances);
  }

  /** The known firmware, images by either rule, machines of everybody. */
  public static GcpEvidenceConfig defaults() {
    return new GcpEvidenceConfig(List.of(), true, List.of(), List.of());
  }

  static GcpEvidenceConfig read(Section section) {
    return new GcpEvidenceConfig(
        section.list("firmware_pcr0", GcpEvidenceConfig::register, Bytes::hex),
        section.flag("bare_uki_hash", true),
        section.list("projects", GcpEvidenceConfig::project, project -> project),
        section.list("instances", GcpEvidenceConfig::instance, instance -> instance));
  }

  /** A register of zeros was never extended: no firmware leaves it behind. */
  private static Bytes register(String text) {
    if (!text.matches("[0-9a-fA-F]{64}") || text.matches("0*")) {
      throw ConfigText.bad("must be values of PCR 0, 64 hexadecimal digits each");
    }
    return Bytes.fromHex(text);
  }

  private static String project(String text) {
    if (!text.matches("[a-z0-9][a-z0-9.:-]{0,99}")) {
      throw ConfigText.bad("must be ids of projects such as \"my-project\"");
    }
    return text;
  }

  private static String instance(String text) {
    if (!text.matches("[1-9][0-9]{0,19}")) {
      throw ConfigText.bad("must be decimal ids of instances as texts");
    }
    return text;
  }
}
