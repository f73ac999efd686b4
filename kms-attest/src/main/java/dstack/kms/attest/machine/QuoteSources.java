package dstack.kms.attest.machine;

import dstack.kms.attest.agent.AgentAddress;
import dstack.kms.attest.agent.GuestAgentClient;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.attest.device.nsm.NsmDevice;
import dstack.kms.attest.device.sev.NativeSnpReports;
import dstack.kms.attest.device.tdx.NativeTdxQuotes;
import dstack.kms.attest.source.EventLock;
import dstack.kms.attest.source.GcpTdxQuoteSource;
import dstack.kms.attest.source.NitroQuoteSource;
import dstack.kms.attest.source.NitroTpmQuoteSource;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.source.SevSnpQuoteSource;
import dstack.kms.attest.source.TdxQuoteSource;
import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.gcp.TpmBootLog;
import dstack.kms.attest.tpm.gcp.TpmQuoter;
import dstack.kms.attest.tpm.nsm.NitroTpmModule;
import dstack.kms.attest.tpm.transport.TpmAddress;
import dstack.kms.core.config.DeviceConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.QuoteSourceKind;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Builds the source of evidence that the configuration names; opens nothing yet. */
public final class QuoteSources {
  private static final Duration AGENT_CONNECT = Duration.ofSeconds(5);
  private static final Duration AGENT_TOTAL = Duration.ofSeconds(30);

  private QuoteSources() {}

  /**
   * The source of {@code core.quote_source}.
   *
   * @throws dstack.kms.core.refusal.RefusalException if it cannot exist here at all
   */
  public static QuoteSource of(KmsConfig config, SecureRandom random) {
    return switch (config.quoteSource()) {
      case QuoteSourceKind.AGENT -> agent(config);
      case QuoteSourceKind.TDX -> tdx(config.device(), NativeLibC.load(), random);
      case QuoteSourceKind.GCP_TDX -> gcpTdx(config.device(), NativeLibC.load(), random);
      case QuoteSourceKind.NITRO -> nitro(config.device(), NativeLibC.load());
      case QuoteSourceKind.NITRO_TPM -> nitroTpm(config.device(), NativeLibC.load(), random);
      case QuoteSourceKind.SEV_SNP -> sevSnp(config.device(), NativeLibC.load(), random);
    };
  }

  private static QuoteSource agent(KmsConfig config) {
    String address =
        config.agentAddress().orElseGet(() -> AgentAddress.resolve(Map.of(), Files::exists));
    return new GuestAgentClient(AgentAddress.parse(address), AGENT_CONNECT, AGENT_TOTAL);
  }

  private static QuoteSource tdx(DeviceConfig config, LibC libc, RandomGenerator random) {
    return new TdxQuoteSource(
        new NativeTdxQuotes(config, libc, Timing.system(), random), GuestFiles.of(config));
  }

  private static QuoteSource sevSnp(DeviceConfig config, LibC libc, RandomGenerator random) {
    return new SevSnpQuoteSource(
        new NativeSnpReports(config, libc, Timing.system(), random), GuestFiles.of(config));
  }

  private static QuoteSource nitro(DeviceConfig config, LibC libc) {
    return new NitroQuoteSource(new NsmDevice(libc, config.nsm()), config.nitroAppId());
  }

  private static QuoteSource gcpTdx(DeviceConfig config, LibC libc, RandomGenerator random) {
    return new GcpTdxQuoteSource(
        new NativeTdxQuotes(config, libc, Timing.system(), random),
        new TpmQuoter(tpm(config), RetryRule.STANDARD, new TpmBootLog(config.tpmLog())),
        GuestFiles.of(config),
        eventLock(config, libc));
  }

  private static QuoteSource nitroTpm(DeviceConfig config, LibC libc, SecureRandom random) {
    return new NitroTpmQuoteSource(
        new NitroTpmModule(tpm(config), RetryRule.STANDARD, random),
        GuestFiles.of(config),
        eventLock(config, libc));
  }

  private static TpmConnector tpm(DeviceConfig config) {
    return TpmAddress.parse(config.tpm()).connector(config.tpmTimeout());
  }

  private static EventLock eventLock(DeviceConfig config, LibC libc) {
    return EventLock.beside(config.runtimeEvents(), libc, Timing.system(), config.answerTimeout());
  }
}
