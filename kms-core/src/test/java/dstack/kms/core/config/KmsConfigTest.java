package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two standard tests of a configuration: all defaults, and every key set to something else. */
class KmsConfigTest {
  @TempDir Path dir;

  @Test
  void hasTheDefaultsOfTheOriginal() {
    KmsConfig config = KmsConfig.load(ConfigSources.none());

    assertThat(config.certDir()).isEqualTo(Path.of("/etc/kms/certs"));
    assertThat(config.siteName()).isEmpty();
    assertThat(config.insecureDevelopment()).isFalse();
    assertThat(config.release()).isEqualTo(new ReleaseConfig(true, true, false, false));
    assertThat(config.adminTokenHash()).isEmpty();
    assertThat(config.agentAddress()).isEmpty();
    assertThat(config.quoteSource()).isEqualTo(QuoteSourceKind.AGENT);
    assertThat(config.device())
        .isEqualTo(
            new DeviceConfig(
                Path.of("/sys/kernel/config/tsm/report"),
                Optional.empty(),
                Path.of("/dev/tdx_guest"),
                Path.of("/sys/devices/virtual/misc/tdx_guest/measurements"),
                Path.of("/etc/tdx-attest.conf"),
                false,
                Path.of("/dev/nsm"),
                Path.of("/dev/sev-guest"),
                "auto",
                Path.of("/sys/kernel/security/tpm0/binary_bios_measurements"),
                Path.of("/sys/class/dmi/id"),
                Path.of("/sys/firmware/acpi/tables/data/CCEL"),
                Path.of("/run/log/dstack/runtime_events.log"),
                Path.of("/dstack/.host-shared"),
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60)));
    assertThat(config.cryptoProvider()).isEqualTo(CryptoProvider.AUTO);
    assertThat(config.clientCertificateMaxAge()).isEmpty();
    assertThat(config.metricsEnabled()).isTrue();
    assertThat(config.rpc().listen()).isEqualTo(listen("0.0.0.0", 8000));
    assertThat(config.rpc().engine()).isEqualTo(TlsEngine.AUTO);
    assertThat(config.rpc().clientCertificateMandatory()).isFalse();
    assertThat(config.rpc().limits().of("SignCert")).isEqualTo(10_485_760);
    assertThat(config.rpc().limits().of("GetAppKey")).isEqualTo(1_048_576);
    assertThat(config.rpc().slowSender()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.rpc().keepAlive()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.rpc().maxConnections()).isEqualTo(4096);
    assertThat(config.attestation().externalTrustAnchors()).isFalse();
    assertThat(config.attestation().rootCa()).isEmpty();
    assertThat(config.attestation().pccs())
        .extracting(EndpointUrl::display)
        .containsExactly("https://pccs.phala.network");
    assertThat(config.attestation().amdKds().display())
        .isEqualTo("https://kdsintf.amd.com/vcek/v1");
    assertThat(config.attestation().gcp())
        .isEqualTo(GcpEvidenceConfig.defaults())
        .isEqualTo(new GcpEvidenceConfig(List.of(), true, List.of(), List.of()));
    assertThat(config.attestation().collateral())
        .isEqualTo(
            new AttestationConfig.CollateralConfig(
                Optional.empty(), Optional.empty(), Duration.ofSeconds(10)));
    assertThat(config.attestation().snp()).isEqualTo(SnpEvidenceConfig.defaults());
    assertThat(config.image())
        .isEqualTo(
            new ImageConfig(
                true,
                Path.of("/usr/share/dstack/images"),
                "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz",
                Optional.of(Duration.ofMinutes(2)),
                Integer.MAX_VALUE,
                Rtmr0Source.RECOMPUTED,
                Optional.empty()));
    assertThat(config.authority())
        .isEqualTo(
            new AuthorityConfig.Webhook(
                EndpointUrl.parse("http://auth-api:8000"),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                65_536,
                Optional.empty(),
                WebhookTls.DEFAULT));
    assertThat(config.denied()).isEqualTo(DenyConfig.NOBODY);
    assertThat(config.onboard().enabled()).isTrue();
    assertThat(config.onboard().autoBootstrapDomain()).isEmpty();
    assertThat(config.onboard().listen()).isEqualTo(listen("0.0.0.0", 8000));
    assertThat(config.onboard().token()).isEmpty();
    assertThat(config.onboard().generateToken()).isFalse();
    assertThat(config.onboard().hosts()).isEmpty();
    assertThat(config.onboard().peers()).isEmpty();
    assertThat(config.onboard().domain()).isEmpty();
    assertThat(config.onboard().identity()).isEmpty();
    assertThat(config.onboard().retryFor()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.audit())
        .isEqualTo(new AuditConfig(true, List.of(Path.of("/etc/kms/certs/audit")), 64 << 20));
    assertThat(config.backup()).isEqualTo(new BackupConfig(List.of(), 2));
    assertThat(config.life())
        .isEqualTo(
            new LifeConfig(Duration.ofHours(24), Duration.ofSeconds(10), Duration.ofHours(1)));
    assertThat(config.epoch()).isZero();
    assertThat(config.admin().enabled()).isFalse();
    assertThat(config.admin().listen()).isEqualTo(listen("127.0.0.1", 8001));
    assertThat(config.admin().token()).isEmpty();
    assertThat(config.admin().htpasswdFile()).isEmpty();
    assertThat(config.admin().insecureNoAuth()).isFalse();
    assertThat(config.operations())
        .isEqualTo(new OperationsConfig(true, listen("127.0.0.1", 8002)));
    assertThat(config.attestation().nitro())
        .isEqualTo(new NitroEvidenceConfig(NitroEvidenceConfig.UnmeasuredEvents.APP_ID_ONLY, true));
    assertThat(config.weakenings()).isEmpty();
    assertThat(config.explain()).allMatch(setting -> setting.origin().equals("default"));
  }

  @Test
  void mapsEveryKeyToItsPlace() throws Exception {
    Path file = Files.writeString(dir.resolve("all.toml"), EVERYTHING);
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFile(file.toString()));

    assertThat(config.certDir()).isEqualTo(Path.of("/k/certs"));
    assertThat(config.siteName()).isEqualTo("site");
    assertThat(config.insecureDevelopment()).isTrue();
    assertThat(config.release()).isEqualTo(new ReleaseConfig(false, false, true, true));
    assertThat(config.adminTokenHash()).contains(TokenDigest.ofToken("abc"));
    assertThat(config.agentAddress()).contains("unix:/run/a.sock");
    assertThat(config.quoteSource()).isEqualTo(QuoteSourceKind.TDX);
    assertThat(config.device())
        .isEqualTo(
            new DeviceConfig(
                Path.of("/d/configfs"),
                Optional.of(Path.of("/d/entry")),
                Path.of("/d/tdx"),
                Path.of("/d/rtmr"),
                Path.of("/d/qgs"),
                true,
                Path.of("/d/nsm"),
                Path.of("/d/sev"),
                "unix:/d/tpm",
                Path.of("/d/tpm_log"),
                Path.of("/d/dmi"),
                Path.of("/d/ccel"),
                Path.of("/d/events"),
                Path.of("/d/shared"),
                Optional.of(Bytes.fromHex("00112233445566778899aabbccddeeff00112233")),
                Duration.ofSeconds(11),
                Duration.ofSeconds(12),
                Duration.ofSeconds(13),
                Duration.ofSeconds(14)));
    assertThat(config.cryptoProvider()).isEqualTo(CryptoProvider.BC);
    assertThat(config.clientCertificateMaxAge()).contains(Duration.ofDays(7));
    assertThat(config.metricsEnabled()).isFalse();
    assertThat(config.rpc())
        .isEqualTo(
            new RpcConfig(
                listen("::1", 1),
                TlsEngine.JDK,
                true,
                config.rpc().limits(),
                Duration.ofSeconds(4),
                Duration.ofSeconds(9),
                17));
    assertThat(config.rpc().limits().of("GetAppKey")).isEqualTo(2_097_152);
    assertThat(config.rpc().limits().of("signcert")).isEqualTo(5);
    assertThat(config.rpc().limits().largest()).isEqualTo(2_097_152);
    assertThat(config.attestation())
        .isEqualTo(
            new AttestationConfig(
                true,
                Map.of(
                    TrustAnchor.TDX, Path.of("/r/tdx"),
                    TrustAnchor.GCP_TPM, Path.of("/r/gcp"),
                    TrustAnchor.AWS_NITRO_ENCLAVE, Path.of("/r/ne"),
                    TrustAnchor.AWS_NITRO_TPM, Path.of("/r/nt"),
                    TrustAnchor.SEV_SNP_MILAN, Path.of("/r/mi"),
                    TrustAnchor.SEV_SNP_GENOA, Path.of("/r/ge"),
                    TrustAnchor.SEV_SNP_TURIN, Path.of("/r/tu")),
                List.of(
                    EndpointUrl.parse("https://a.example"), EndpointUrl.parse("https://b.example")),
                EndpointUrl.parse("https://kds.example/v"),
                new AttestationConfig.CollateralConfig(
                    Optional.of(Path.of("/c")),
                    Optional.of(Duration.ofDays(40)),
                    Duration.ofSeconds(6)),
                new GcpEvidenceConfig(
                    List.of(Bytes.fromHex("0a".repeat(32)), Bytes.fromHex("0b".repeat(32))),
                    false,
                    List.of("project-a", "example.com:b"),
                    List.of("3444874180353627024")),
                new NitroEvidenceConfig(NitroEvidenceConfig.UnmeasuredEvents.IDENTITY, false),
                new SnpEvidenceConfig(
                    Set.of(SnpFamily.GENOA, SnpFamily.TURIN),
                    false,
                    true,
                    Duration.ofSeconds(7),
                    Map.of(
                        SnpFamily.MILAN, new SnpEvidenceConfig.Floor(0, 1, 2, 3, 4),
                        SnpFamily.GENOA, new SnpEvidenceConfig.Floor(0, 5, 6, 7, 8),
                        SnpFamily.TURIN, new SnpEvidenceConfig.Floor(9, 10, 11, 12, 255)),
                    List.of(Bytes.fromHex("0a".repeat(48))),
                    List.of(Bytes.fromHex("0b".repeat(48)), Bytes.fromHex("0c".repeat(48))))));
    assertThat(config.image())
        .isEqualTo(
            new ImageConfig(
                false,
                Path.of("/i"),
                "http://i/x",
                Optional.empty(),
                1 << 30,
                Rtmr0Source.RECOMPUTED,
                Optional.of(Path.of("/opt/acpi"))));
    assertThat(config.authority())
        .isEqualTo(new AuthorityConfig.PolicyFile(Path.of("/p.json"), true));
    assertThat(config.denied())
        .isEqualTo(
            new DenyConfig(
                Set.of(Bytes.fromHex("11".repeat(20))),
                Set.of(Bytes.fromHex("22".repeat(32))),
                Set.of(Bytes.fromHex("33".repeat(32))),
                Set.of(Bytes.fromHex("44".repeat(32))),
                Set.of(Bytes.fromHex("55".repeat(32)))));
    assertThat(config.onboard().enabled()).isFalse();
    assertThat(config.onboard().autoBootstrapDomain()).contains("kms.example.org");
    assertThat(config.onboard().listen()).isEqualTo(listen("127.0.0.2", 2));
    assertThat(config.onboard().limits().of("Bootstrap")).isEqualTo(7);
    assertThat(config.onboard().token()).contains(TokenDigest.ofToken("setup"));
    assertThat(config.onboard().hosts()).containsExactly("kms.example.org");
    assertThat(config.onboard().domain()).contains("kms.example.org");
    assertThat(config.onboard().identity()).contains(Bytes.fromHex("02".repeat(33)));
    assertThat(config.onboard().retryFor()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.audit())
        .isEqualTo(new AuditConfig(false, List.of(Path.of("/a"), Path.of("/b")), 2 << 20));
    assertThat(config.backup()).isEqualTo(new BackupConfig(List.of("age1a", "/b.pem", "age1c"), 3));
    assertThat(config.life())
        .isEqualTo(
            new LifeConfig(Duration.ofHours(2), Duration.ofSeconds(3), Duration.ofMinutes(4)));
    assertThat(config.telemetry())
        .isEqualTo(
            new TelemetryConfig(
                LogFormat.JSON,
                Optional.of(EndpointUrl.parse("https://collector.example:4318")),
                "kms-east",
                9));
    assertThat(config.limits())
        .isEqualTo(
            new LimitsConfig(
                Optional.empty(),
                Optional.of(new Rate(3, Duration.ofSeconds(1))),
                Optional.of(new Rate(4, Duration.ofMinutes(1))),
                Optional.of(new Rate(5, Duration.ofHours(1))),
                List.of(InetAddress.ofLiteral("10.0.0.7"), InetAddress.ofLiteral("::1"))));
    assertThat(config.epoch()).isEqualTo(3);
    assertThat(config.admin().enabled()).isTrue();
    assertThat(config.admin().listen()).isEqualTo(listen("127.0.0.3", 3));
    assertThat(config.admin().limits().of("ClearImageCache")).isEqualTo(8);
    assertThat(config.admin().token()).contains(TokenDigest.ofToken("secret"));
    assertThat(config.admin().htpasswdFile()).contains(Path.of("/h"));
    assertThat(config.admin().insecureNoAuth()).isTrue();
    assertThat(config.operations()).isEqualTo(new OperationsConfig(false, listen("127.0.0.4", 4)));
  }

  @Test
  void theFullMappingSetsEveryKeyThereIs() throws Exception {
    Path file = Files.writeString(dir.resolve("all.toml"), EVERYTHING);
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFile(file.toString()));

    assertThat(config.explain())
        .filteredOn(setting -> setting.origin().equals("default"))
        .extracting(Setting::key)
        .filteredOn(key -> !key.contains(".limits."))
        .isEmpty();
  }

  private static ListenAddress listen(String address, int port) {
    return new ListenAddress(InetAddress.ofLiteral(address), port);
  }

  /** The hash is SHA-256 of "abc" as FIPS 180-2 gives it. */
  static final String EVERYTHING =
      """
      [rpc]
      address = "::1"
      port = 1
      slow_sender_timeout = "4s"
      keep_alive = 9
      max_connections = 17
      [rpc.tls]
      engine = "jdk"
      key = "/k/certs/rpc.key"
      certs = "/k/certs/rpc.crt"
      mutual.mandatory = true
      [rpc.limits]
      GetAppKey = "2MiB"
      SIGNCERT = 5
      [core]
      cert_dir = "/k/certs"
      epoch = 3
      site_name = "site"
      insecure_development = true
      enforce_self_authorization = false
      attest_rpc_cert = false
      sev_snp_key_release = true
      aws_nitro_tpm_key_release = true
      admin_token_hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      agent_address = "unix:/run/a.sock"
      quote_source = "tdx"
      crypto.provider = "BC"
      client_certificate.max_age = "7d"
      metrics.enabled = false
      pccs_url = "https://old.example"
      [core.device]
      configfs = "/d/configfs"
      configfs_entry = "/d/entry"
      tdx_guest = "/d/tdx"
      rtmr = "/d/rtmr"
      qgs_config = "/d/qgs"
      qgs_after_configfs = true
      nsm = "/d/nsm"
      sev_guest = "/d/sev"
      tpm = "unix:/d/tpm"
      tpm_log = "/d/tpm_log"
      dmi = "/d/dmi"
      ccel = "/d/ccel"
      runtime_events = "/d/events"
      host_shared = "/d/shared"
      nitro_app_id = "00112233445566778899AABBCCDDEEFF00112233"
      answer_timeout = "11s"
      busy_pause = "12s"
      qgs_timeout = "13s"
      tpm_timeout = "14s"
      [core.attestation]
      insecure_allow_external_trust_anchors = true
      urls.pccs = ["https://a.example", "https://b.example"]
      urls.amd_kds = "https://kds.example/v"
      collateral.cache_dir = "/c"
      collateral.max_age = "40d"
      collateral.deadline = "6s"
      [core.attestation.gcp]
      firmware_pcr0 = [
        "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
        "0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B",
      ]
      bare_uki_hash = false
      projects = ["project-a", "example.com:b"]
      instances = ["3444874180353627024"]
      [core.attestation.sev_snp]
      products = ["genoa", "turin"]
      alias_check = false
      single_socket = true
      kds_deadline = "7s"
      id_keys = ["0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"]
      author_keys = ["0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"]
      [core.attestation.sev_snp.minimum_tcb]
      milan = { bootloader = 1, tee = 2, snp = 3, microcode = 4 }
      genoa = { bootloader = 5, tee = 6, snp = 7, microcode = 8 }
      turin = { fmc = 9, bootloader = 10, tee = 11, snp = 12, microcode = 255 }
      [core.attestation.nitro]
      unmeasured_events = "identity"
      check_pcr8 = false
      [core.attestation.root_ca]
      tdx = "/r/tdx"
      gcp_tpm = "/r/gcp"
      aws_nitro_enclave = "/r/ne"
      aws_nitro_tpm = "/r/nt"
      sev_snp_milan = "/r/mi"
      sev_snp_genoa = "/r/ge"
      sev_snp_turin = "/r/tu"
      [core.image]
      verify = false
      cache_dir = "/i"
      download_url = "http://i/x"
      download_timeout = "never"
      max_size = "1GiB"
      rtmr0 = "recomputed"
      acpi_tables_program = "/opt/acpi"
      [core.auth_api]
      type = "file"
      file = { path = "/p.json", strict = true }
      webhook.url = "https://w.example/x"
      webhook.connect_timeout = "1s"
      webhook.total_timeout = "2s"
      webhook.max_answer = "1KiB"
      webhook.answer_key = "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
      webhook.ca = "/ca.pem"
      webhook.client_cert = "/client.pem"
      webhook.client_key = "/client.key"
      dev.gateway_app_id = "g"
      deny.apps = ["1111111111111111111111111111111111111111"]
      deny.compose_hashes = ["0x2222222222222222222222222222222222222222222222222222222222222222"]
      deny.os_images = ["3333333333333333333333333333333333333333333333333333333333333333"]
      deny.devices = ["4444444444444444444444444444444444444444444444444444444444444444"]
      deny.mr_aggregated = ["5555555555555555555555555555555555555555555555555555555555555555"]
      chain.mode = "quorum"
      chain.rpc_urls = ["https://a.example/v3/key", "https://b.example"]
      chain.contract = "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"
      chain.chain_id = 8453
      chain.block = "finalized"
      chain.pin = "number"
      chain.quorum = 2
      chain.connect_timeout = "1s"
      chain.total_timeout = "2s"
      chain.max_answer = "1MiB"
      chain.gas = 200000
      chain.poll = "3s"
      chain.max_view_age = "4s"
      chain.max_head_age = "5s"
      chain.max_lag = 6
      chain.kms_implementations = ["0x1111111111111111111111111111111111111111"]
      chain.app_implementations = ["0x2222222222222222222222222222222222222222"]
      chain.proxy_code_hashes = ["0x3333333333333333333333333333333333333333333333333333333333333333"]
      [core.onboard]
      enabled = false
      auto_bootstrap_domain = "kms.example.org"
      address = "127.0.0.2"
      port = 2
      token = "setup"
      limits.Bootstrap = 7
      generate_token = false
      hosts = ["kms.example.org"]
      peers = []
      domain = "kms.example.org"
      identity = "020202020202020202020202020202020202020202020202020202020202020202"
      retry_for = "7s"
      [core.audit]
      enabled = false
      directories = ["/a", "/b"]
      max_segment = "2MiB"
      [core.backup]
      holders = ["age1a", "/b.pem", "age1c"]
      threshold = 3
      [core.life]
      refresh_certificates = "2h"
      check_self = "3s"
      attest_self = "4m"
      [core.logging]
      format = "json"
      [core.telemetry]
      otlp_endpoint = "https://collector.example:4318"
      service_name = "kms-east"
      queue = 9
      [core.limits]
      total = "unlimited"
      per_address = "3/s"
      per_app = "4/m"
      platform_alarm = "5/h"
      shared_addresses = ["10.0.0.7", "::1"]
      [core.admin]
      enabled = true
      address = "127.0.0.3"
      port = 3
      auth_token = " secret "
      htpasswd_file = "/h"
      insecure_no_auth = true
      limits.clearimagecache = "8B"
      [core.operations]
      enabled = false
      address = "127.0.0.4"
      port = 4
      """;
}
