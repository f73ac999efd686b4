package dstack.kms.core.config;

import dstack.kms.core.answer.AnswerKey;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Who decides: {@code [core.auth_api]}. */
public sealed interface AuthorityConfig
    permits AuthorityConfig.Webhook, AuthorityConfig.PolicyFile, AuthorityConfig.Dev, ChainConfig {
  /**
   * An HTTP service decides.
   *
   * @param url where it is
   * @param connectTimeout how long a connection may take
   * @param totalTimeout how long connection, request and answer may take together
   * @param maxAnswer how many bytes an answer may have
   * @param answerKey under which every answer must be signed; without it none need be
   * @param tls how an {@code https} URL is spoken to
   */
  record Webhook(
      EndpointUrl url,
      Duration connectTimeout,
      Duration totalTimeout,
      long maxAnswer,
      Optional<AnswerKey> answerKey,
      WebhookTls tls)
      implements AuthorityConfig {}

  /**
   * A policy file decides.
   *
   * @param path the file
   * @param strict whether an empty list of devices denies every device
   */
  record PolicyFile(Path path, boolean strict) implements AuthorityConfig {}

  /**
   * Everything is allowed.
   *
   * @param gatewayAppId what is answered for the gateway
   */
  record Dev(String gatewayAppId) implements AuthorityConfig {}

  /** Reads all tables, as a published file carries more than it uses, and picks one. */
  static AuthorityConfig read(Section authApi) {
    Section hook = authApi.table("webhook");
    Webhook webhook =
        new Webhook(
            hook.urls().one("url", "http://auth-api:8000"),
            hook.deadline("connect_timeout", Duration.ofSeconds(3)),
            hook.deadline("total_timeout", Duration.ofSeconds(10)),
            hook.size("max_answer", 64 * 1024),
            hook.hex().answerKey("answer_key"),
            WebhookTls.read(hook));
    Section file = authApi.table("file");
    Optional<Path> path = file.paths().optional("path");
    boolean strict = file.flag("strict", false);
    Dev dev = new Dev(authApi.table("dev").text("gateway_app_id", "any"));
    AuthorityKind kind = authApi.word("type", AuthorityKind.WEBHOOK);
    Optional<ChainConfig> chain =
        ChainConfig.read(authApi.table("chain"), kind == AuthorityKind.CHAIN);
    return switch (kind) {
      case CHAIN -> chain.orElseThrow();
      case WEBHOOK -> {
        webhook.tls().requireSpokenWith(webhook.url(), hook);
        yield webhook;
      }
      case DEV -> dev;
      case FILE -> new PolicyFile(path.orElseThrow(() -> pathMissing(authApi)), strict);
    };
  }

  private static RefusalException pathMissing(Section authApi) {
    return new RefusalException(
        ConfigRefusal.CONTRADICTION,
        authApi.where("type") + " is \"file\"; it needs core.auth_api.file.path");
  }
}
