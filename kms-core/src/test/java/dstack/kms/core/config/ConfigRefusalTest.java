package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRefusalTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[core]\\n"
            + "cert_dri = \"/x\"|:2: unknown key core.cert_dri; the nearest known name is"
            + " core.cert_dir",
        "[core.atestation]|:1: unknown table core.atestation; the nearest known name is"
            + " core.attestation",
        "[core.attestation.urls]\\npcs = \"x\"|:2: unknown key core.attestation.urls.pcs",
        "[rpc.limits]\\nGetAppKeys = 1|nearest known name is rpc.limits.GetAppKey",
        "core = 5|:1: core must be a table, not a value",
        "[core.site_name]\\na = 1|core.site_name",
        "[rpc]\\nport = \"8000\"|:2: rpc.port: must be a whole number",
        "[rpc]\\nport = 65536|:2: rpc.port: must be between 0 and 65535",
        "[rpc]\\nport = -1|rpc.port: must be between 0 and 65535",
        "[rpc]\\nport = 1.5|rpc.port: must be a whole number",
        "[rpc]\\naddress = \"localhost\"|rpc.address: must be an IP address",
        "[core]\\nattest_rpc_cert = \"true\"|:2: core.attest_rpc_cert: must be true or false",
        "[core]\\nsite_name = 5|core.site_name: must be a text",
        "[core]\\nsite_name = 1979-05-27|core.site_name: must be a text",
        "[core.image]\\ndownload_timeout = \"2\"|core.image.download_timeout: must be a duration",
        "[core.image]\\ndownload_timeout = \"2 m\"|core.image.download_timeout: must be a duration",
        "[core.image]\\ndownload_timeout = \"\"|core.image.download_timeout: must be a duration",
        "[core.image]\\ndownload_timeout = 120|core.image.download_timeout: must be a text",
        "[core.image]\\ndownload_timeout = \"9223372036854775807d\"|is too long a duration",
        "[core.auth_api.webhook]\\ntotal_timeout = \"never\"|total_timeout: never ends",
        "[core.auth_api.webhook]\\nconnect_timeout = \"0s\"|connect_timeout: must be at least 1s",
        "[rpc]\\nslow_sender_timeout = \"0m\"|slow_sender_timeout: must be at least 1s",
        "[core.attestation.collateral]\\n"
            + "deadline = \"36501d\"|core.attestation.collateral.deadline: is too long",
        "[core.client_certificate]\\nmax_age = \"999999999999d\"|max_age: is too long a duration",
        "[core.onboard]\\ntoken = \"\"|:2: core.onboard.token: its value must not be empty",
        "[core.onboard]\\ntoken = \" \"|:2: core.onboard.token: its value must not be empty",
        "[core.auth_api.file]\\npath = \"a\\u0000b\"|core.auth_api.file.path: must be a path",
        "[rpc.limits]\\nGetAppKey = \"1 mib\"|rpc.limits.GetAppKey: must be a size",
        "[rpc.limits]\\nGetAppKey = -1|rpc.limits.GetAppKey: must be between",
        "[rpc.limits]\\nGetAppKey = \"99GiB\"|rpc.limits.GetAppKey: must be between",
        "[core.auth_api]\\n"
            + "type = \"near\"|core.auth_api.type: must be one of webhook, file, chain, dev",
        "[core.auth_api]\\ntype = \"file\"|it needs core.auth_api.file.path",
        "[core.auth_api.webhook]\\nurl = \"ftp://x\"|must be a URL that starts with http",
        "[core.auth_api.webhook]\\nurl = \"http://\"|core.auth_api.webhook.url: must be a URL",
        "[core.auth_api.webhook]\\nurl = \"http://a/?k=s3cret\"|without a query",
        "[core.attestation.urls]\\npccs = [1]|must be a list of texts",
        "[core.attestation.gcp]\\n"
            + "firmware_pcr0 = [\"abcd\"]|gcp.firmware_pcr0: must be values of PCR 0",
        "[core.attestation.gcp]\\n"
            + "firmware_pcr0 = \"0000000000000000000000000000000000000000000000000000000000000000\""
            + "|gcp.firmware_pcr0: must be values of PCR 0",
        "[core.attestation.gcp]\\nprojects = [\"\"]|gcp.projects: must be ids of projects",
        "[core.attestation.gcp]\\nprojects = \"\"|gcp.projects: must be ids of projects",
        "[core.attestation.gcp]\\nprojects = [\"A b\"]|gcp.projects: must be ids of projects",
        "[core.attestation.gcp]\\ninstances = [\"i-1\"]|gcp.instances: must be decimal ids",
        "[core.attestation.gcp]\\ninstances = [1]|gcp.instances: must be a list of texts",
        "[core.attestation.gcp]\\nbare_uki_hash = \"x\"|gcp.bare_uki_hash: must be true or false",
        "[core.attestation.sev_snp]\\nproducts = [\"rome\"]|must be one of milan, genoa, turin",
        "[core.attestation.sev_snp]\\nid_keys = [\"ab\"]|id_keys: must be 96 hexadecimal digits",
        "[core.attestation.sev_snp]\\nauthor_keys = [\"\"]|must be SHA-384 digests of keys",
        "[core.attestation.sev_snp.minimum_tcb.milan]\\nsnp = 256|snp: must be between",
        "[core.attestation.sev_snp.minimum_tcb.milan]\\nfmc = 1|unknown key",
        "[core.attestation.sev_snp]\\nkds_deadline = \"never\"|kds_deadline: never ends",
        "[core]\\nadmin_token_hash = \"abcd\"|must be the 64 hexadecimal digits",
        "[core.attestation.root_ca]\\n"
            + "tdx = \"\"|external attestation trust anchors are configured but"
            + " insecure_allow_external_trust_anchors is false",
        "[core.admin]\\n"
            + "enabled = true|admin API is enabled but neither auth_token nor htpasswd_file is"
            + " configured; set core.admin.auth_token, DSTACK_KMS_ADMIN_TOKEN, ADMIN_API_TOKEN,"
            + " core.admin.htpasswd_file, or insecure_no_auth = true (testing only)",
        "[rpc.tls]\\n"
            + "key = \"/elsewhere/rpc.key\"|it must be /etc/kms/certs/rpc.key in core.cert_dir",
        "\"core.site_name\" = \"x\"|a key has a name of unusual characters",
        "a = [|:1: not TOML",
        "[core]\\nsite_name = \"a\"\\nsite_name = \"b\"|:3: not TOML",
      })
  void refusesAndNamesTheKeyTheFileAndTheLine(String toml, String text) throws IOException {
    assertThatThrownBy(() -> load("kms.toml", toml.replace("\\n", "\n")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{} {}",
        "{\"rpc\":{\"port\":1,\"port\":2}}",
        "{\"rpc\":{\"port\":null}}",
        "{\"rpc\":{\"port\":[[1]]}}",
        "{\"rpc\":{\"port\":99999999999999999999}}"
      })
  void refusesMalformedJson(String json) {
    assertThatThrownBy(() -> load("kms.json", json)).isInstanceOf(RefusalException.class);
  }

  @Test
  void namesTheLineOfAJsonValue() {
    assertThatThrownBy(() -> load("kms.json", "{\n\"rpc\":{\n\"port\":true}}"))
        .hasMessageContaining("kms.json:3: rpc.port: must be a whole number");
  }

  @Test
  void refusesAFileThatIsNotUtf8OrTooLarge() throws IOException {
    Path file = dir.resolve("kms.toml");
    Files.write(file, new byte[] {(byte) 0xc3, (byte) 0x28});
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFile(file.toString())))
        .hasMessageContaining("is not UTF-8");
    Files.write(file, "#".repeat(1 << 21).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFile(file.toString())))
        .hasMessageContaining("is larger than 1 MiB");
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFile(dir.toString())))
        .hasMessageContaining("cannot read");
  }

  @Test
  void refusesUnknownFlagsAndVariables() {
    assertThatThrownBy(
            () -> KmsConfig.load(ConfigSources.none().withFlags(Map.of("rpc.prot", "1"))))
        .hasMessage("flag: unknown key rpc.prot; the nearest known name is rpc.port");
    assertThatThrownBy(
            () -> KmsConfig.load(ConfigSources.none().withEnvironment(Map.of("KMS_RPC_PROT", "1"))))
        .hasMessage("unknown variable KMS_RPC_PROT; the nearest known name is KMS_RPC_PORT");
  }

  @Test
  void leavesVariablesOfOthersAlone() {
    Map<String, String> others = Map.of("KMS_IMAGE", "x", "KMS_CONTRACT_ADDR", "y", "PATH", "z");
    assertThat(KmsConfig.load(ConfigSources.none().withEnvironment(others)).weakenings()).isEmpty();
  }

  @Test
  void neverShowsABadSecret() {
    assertThatThrownBy(() -> load("kms.toml", "[core.admin]\nauth_token = 123456"))
        .hasMessageContaining("core.admin.auth_token: its value must be a text")
        .hasMessageNotContaining("123456");
  }

  private KmsConfig load(String name, String text) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    return KmsConfig.load(ConfigSources.none().withFile(file.toString()));
  }
}
