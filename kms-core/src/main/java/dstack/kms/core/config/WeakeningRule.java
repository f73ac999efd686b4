package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The rule that nothing weakens the server by accident (specification 00 §7 and §9, T-06, T-16): a
 * weakening needs {@code core.insecure_development = true} as well, and is refused where a real TEE
 * device is present.
 */
final class WeakeningRule {
  /** Longer ago, a revocation is not seen in the time that operators count on. */
  private static final Duration OLDEST_VIEW = Duration.ofMinutes(10);

  private static final List<String> BACKUP =
      List.of("core.backup.holders", "core.backup.threshold");

  private WeakeningRule() {}

  static List<Weakening> weakenings(KmsConfig config, Settings settings) {
    List<Weakening> found = new ArrayList<>();
    if (!config.release().enforceSelfAuthorization()) {
      found.add(weaker("core.enforce_self_authorization", "the server does not check itself"));
    }
    if (!config.release().attestRpcCert()) {
      found.add(weaker("core.attest_rpc_cert", "the server's certificate carries no evidence"));
    }
    if (config.attestation().externalTrustAnchors()) {
      found.add(
          weaker(
              "core.attestation.insecure_allow_external_trust_anchors",
              "evidence may be signed under roots that are not the vendors'"));
    }
    if (config.attestation().nitro().unmeasuredEvents()
        != NitroEvidenceConfig.UnmeasuredEvents.APP_ID_ONLY) {
      found.add(
          weaker(
              NitroEvidenceConfig.UNMEASURED_EVENTS,
              "Nitro enclaves name their own instance and key provider, which nothing measures"));
    }
    if (config.admin().insecureNoAuth()) {
      found.add(weaker("core.admin.insecure_no_auth", "everybody may use the admin listener"));
    }
    if (!config.audit().enabled()) {
      found.add(weaker("core.audit.enabled", "nothing records to whom keys are released"));
    }
    if (config.telemetry().collector().filter(PlainHttpRule::forbids).isPresent()) {
      found.add(
          weaker("core.telemetry.otlp_endpoint", "traces travel over plain HTTP to a public host"));
    }
    addAuthority(config.authority(), found);
    addBackup(settings, found);
    if (!config.image().verify()) {
      found.add(weaker("core.image.verify", "OS image hashes are believed as guests claim them"));
    } else if (PlainHttpRule.forbids(config.image().downloadExample())) {
      found.add(
          weaker(
              "core.image.download_url",
              "which images are asked for travels over plain HTTP to a public host"));
    }
    return found;
  }

  /** The file can be measured; whoever only starts the program must not name himself. */
  private static void addBackup(Settings settings, List<Weakening> found) {
    for (String key : BACKUP) {
      if (settings.isSaidOutsideFiles(key)) {
        found.add(
            weaker(key, "who can restore the root keys is not said by the configuration file"));
      }
    }
  }

  private static void addAuthority(AuthorityConfig authority, List<Weakening> found) {
    switch (authority) {
      case AuthorityConfig.Dev _ ->
          found.add(weaker("core.auth_api.type", "every workload is allowed"));
      case AuthorityConfig.Webhook webhook when PlainHttpRule.forbids(webhook.url()) ->
          found.add(
              weaker(
                  "core.auth_api.webhook.url",
                  "decisions about keys travel over plain HTTP to a public host"));
      case ChainConfig chain -> addChain(chain, found);
      case AuthorityConfig.Webhook _, AuthorityConfig.PolicyFile _ -> {}
    }
  }

  private static void addChain(ChainConfig chain, List<Weakening> found) {
    if (chain.endpoints().stream().anyMatch(RpcUrl::isPlainToPublicHost)) {
      found.add(
          weaker(
              "core.auth_api.chain.rpc_urls",
              "the policy is read over plain HTTP from a public host"));
    }
    if (chain.freshness().maxHeadAge().compareTo(OLDEST_VIEW) > 0) {
      found.add(
          weaker(
              "core.auth_api.chain.max_head_age",
              "blocks older than ten minutes decide, so that what was revoked may still be"
                  + " allowed"));
    }
    if (chain.freshness().maxViewAge().compareTo(OLDEST_VIEW) > 0) {
      found.add(
          weaker(
              "core.auth_api.chain.max_view_age",
              "what an endpoint said more than ten minutes ago decides, so that what was revoked"
                  + " may still be allowed"));
    }
  }

  static void enforce(KmsConfig config, Settings settings, List<Path> teeDevices) {
    if (config.weakenings().isEmpty()) {
      return;
    }
    Weakening first = config.weakenings().getFirst();
    String what =
        first.key()
            + " ("
            + settings.originOf(first.key())
            + ") weakens this server: "
            + first.text();
    if (!config.insecureDevelopment()) {
      throw new RefusalException(
          ConfigRefusal.WEAKENING,
          what + "; for development only, core.insecure_development = true allows it");
    }
    for (Path device : teeDevices) {
      if (Files.exists(device, LinkOption.NOFOLLOW_LINKS)) {
        throw new RefusalException(
            ConfigRefusal.WEAKENING, what + "; refused on a machine with the TEE device " + device);
      }
    }
  }

  private static Weakening weaker(String key, String text) {
    return new Weakening(key, text);
  }
}
