package dstack.kms.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration, read once and never changed.
 *
 * @param certDir where the key store lies
 * @param siteName the title of the set-up page, or empty
 * @param insecureDevelopment whether weakenings are wanted
 * @param release the local gates before keys are released
 * @param adminTokenHash guards the pinned form of ClearImageCache; without it that form is off
 * @param agentAddress where the guest agent listens; empty lets the client look for its socket
 * @param quoteSource where this machine's own evidence comes from
 * @param device what a native quote source opens
 * @param cryptoProvider which provider verifies signatures
 * @param clientCertificateMaxAge how old a client's certificate may be; empty for no bound
 * @param metricsEnabled whether the main listener answers {@code /metrics}
 * @param rpc the main listener
 * @param attestation how evidence is verified
 * @param image how OS images are verified
 * @param authority who decides
 * @param denied what is denied whatever the authority says
 * @param onboard setting the server up
 * @param admin the operators' listener
 * @param operations the listener for health and metrics
 * @param audit where decisions are recorded
 * @param backup who may hold shares of a backup
 * @param life what the node does by itself while it serves
 * @param telemetry what the node tells besides its metrics
 * @param limits how often the main listener may be asked
 * @param epoch which generation of root keys this node serves; 0 is that of the original
 * @param explain every effective value with its origin, secrets redacted, by key
 * @param warnings what the operator should know, one sentence each
 * @param weakenings what is weaker than the default; empty in production
 */
public record KmsConfig(
    Path certDir,
    String siteName,
    boolean insecureDevelopment,
    ReleaseConfig release,
    Optional<TokenDigest> adminTokenHash,
    Optional<String> agentAddress,
    QuoteSourceKind quoteSource,
    DeviceConfig device,
    CryptoProvider cryptoProvider,
    Optional<Duration> clientCertificateMaxAge,
    boolean metricsEnabled,
    RpcConfig rpc,
    AttestationConfig attestation,
    ImageConfig image,
    AuthorityConfig authority,
    DenyConfig denied,
    OnboardConfig onboard,
    AdminConfig admin,
    OperationsConfig operations,
    AuditConfig audit,
    BackupConfig backup,
    LifeConfig life,
    TelemetryConfig telemetry,
    LimitsConfig limits,
    int epoch,
    List<Setting> explain,
    List<String> warnings,
    List<Weakening> weakenings) {
  private static final int MOST_EPOCHS = 1_000_000;

  public KmsConfig {
    explain = List.copyOf(explain);
    warnings = List.copyOf(warnings);
    weakenings = List.copyOf(weakenings);
  }

  /**
   * Reads and checks the configuration (specification 04 §8, 00 §7).
   *
   * @throws dstack.kms.core.refusal.RefusalException with a {@link ConfigRefusal} and a text that
   *     names the key, its origin and what would be right
   */
  public static KmsConfig load(ConfigSources sources) {
    Settings settings = new Settings(sources, ConfigFiles.read(sources));
    KmsConfig config = read(settings);
    settings.refuseUnknown();
    WeakeningRule.enforce(config, settings, sources.teeDevices());
    return config;
  }

  private static KmsConfig read(Settings settings) {
    Section core = Section.of(settings, "core");
    Path certDir = core.paths().one("cert_dir", Path.of("/etc/kms/certs"));
    int epoch = core.number("epoch", 0, 0, MOST_EPOCHS);
    KmsConfig config =
        new KmsConfig(
            certDir,
            core.text("site_name", ""),
            core.flag("insecure_development", false),
            ReleaseConfig.read(core),
            core.tokens().hash("admin_token_hash"),
            core.optionalText("agent_address", "DSTACK_AGENT_ADDRESS"),
            core.word("quote_source", QuoteSourceKind.AGENT),
            DeviceConfig.read(core.table("device")),
            core.table("crypto").word("provider", CryptoProvider.AUTO),
            core.table("client_certificate").durationOrNever("max_age", Optional.empty()),
            core.table("metrics").flag("enabled", true),
            RpcConfig.read(Section.of(settings, "rpc"), certDir, epoch),
            AttestationConfig.read(core),
            ImageConfig.read(core.table("image")),
            AuthorityConfig.read(core.table("auth_api")),
            DenyConfig.read(core.table("auth_api").table("deny")),
            OnboardConfig.read(core.table("onboard")),
            AdminConfig.read(core.table("admin")),
            OperationsConfig.read(core.table("operations")),
            AuditConfig.read(core.table("audit"), certDir),
            BackupConfig.read(core.table("backup")),
            LifeConfig.read(core.table("life")),
            TelemetryConfig.read(core),
            LimitsConfig.read(core.table("limits")),
            epoch,
            List.of(),
            List.of(),
            List.of());
    return config.withFindings(
        settings.effective(),
        Warnings.of(config, settings),
        WeakeningRule.weakenings(config, settings));
  }

  private KmsConfig withFindings(
      List<Setting> effective, List<String> warned, List<Weakening> weaker) {
    return new KmsConfig(
        certDir,
        siteName,
        insecureDevelopment,
        release,
        adminTokenHash,
        agentAddress,
        quoteSource,
        device,
        cryptoProvider,
        clientCertificateMaxAge,
        metricsEnabled,
        rpc,
        attestation,
        image,
        authority,
        denied,
        onboard,
        admin,
        operations,
        audit,
        backup,
        life,
        telemetry,
        limits,
        epoch,
        effective,
        warned,
        weaker);
  }
}
