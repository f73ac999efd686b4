package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.Webhook;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node in a container, and the calls that the published guide makes to it, with curl and jq.
 *
 * @param host the machine; the node has its ports
 * @param volume what the container has at {@code /kms}
 */
record GuideNode(Host host, Path volume, Background container) implements AutoCloseable {
  /** One whose file says everything: not a variable is set. */
  static GuideNode serve(Image image, Host host, Webhook webhook) throws IOException {
    Path volume = Files.createDirectory(host.folder.resolve("volume"));
    Files.writeString(
        volume.resolve("kms.toml"),
"""
        [rpc]
        address = "127.0.0.1"
        port = %1$d
        [core]
        cert_dir = "/kms/certs"
        insecure_development = true
        [core.image]
verify = false
        cache_dir = "/kms/images"
        [core.attestation]
        insecure_allow_external_trust_anchors = true
        [core.attestation.urls]
        pccs = "%2$s"
        [core.attestation.root_ca]
        tdx = "%3$s"
        [core.auth_api.webhook]
        url = "%4$s"
        [core.onboard]
        address = "127.0.0.1"
        port = %1$d
        [core.operations]
        port = %5$d
"""
            .formatted(
                host.port,
                host.environment().get("KMS_CORE_ATTESTATION_URLS_PCCS"),
                root(host),
                webhook.url(),
                host.operationsPort));
    Background container =
        Container.bare(image, volume)
            .on(host)
            .start("/usr/local/bin/dstack-kms", "-c", "/kms/kms.toml");
    return new GuideNode(host, volume, container);
  }

  /** The simulated root of that machine's manufacturer, by its path in a container. */
  static String root(Host host) {
    String outside = host.environment().get("KMS_CORE_ATTESTATION_ROOT_CA_TDX");
    return "/etc/kms/" + host.roots().relativize(Path.of(outside));
  }

  /** What the guide reads from GetAttestationInfo before it registers it. */
  String shown(String filter) {
    return jq(get("http", "/prpc/Onboard.GetAttestationInfo?json"), filter);
  }

  /** The start page. */
  String page() {
    return get("http", "/");
  }

  /** What Bootstrap answers, a refusal included. */
  String bootstrap() {
    return post("http", "/prpc/Onboard.Bootstrap?json", "{\"domain\": \"localhost\"}");
  }

  /** What Onboard answers, a refusal included. */
  String onboard(String source) {
    return post(
        "http",
        "/prpc/Onboard.Onboard?json",
        "{\"source_url\": \"" + source + "\", \"domain\": \"localhost\"}");
  }

  /** Where other nodes find it. */
  String url() {
    return host.url("https", "");
  }

  void finish() {
    assertThat(get("http", "/finish")).isEqualTo("OK");
  }

  /** What it says of itself once it serves. */
  String meta(String filter) {
    return jq(post("https", "/prpc/GetMeta?json", "{}"), filter);
  }

  String metrics() {
    return get("https", "/metrics");
  }

  /** Ends it as a container engine does; it must end well. */
  void stop() {
    Container.inside(container).destroy();
    assertThat(container.status()).as(container.output()).isZero();
  }

  static String jq(String json, String filter) {
    return Program.run(List.of(Tool.require("jq").toString(), "-r", filter), Map.of(), json)
        .success()
        .strip();
  }

  @Override
  public void close() {
    container.close();
  }

  private String get(String scheme, String path) {
    return host.curl("-k", host.url(scheme, path)).success();
  }

  private String post(String scheme, String path, String body) {
    return host.curl("-k", host.url(scheme, path), "-d", body).success();
  }
}
