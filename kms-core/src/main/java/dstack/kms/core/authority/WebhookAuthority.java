package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.BootInfoJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.trace.RequestScope;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks an HTTP service for every decision and never remembers one (specifications 04 §7.2, 21 §2,
 * 00 §9).
 *
 * <p>Only a complete answer of status 2xx and of the agreed form counts; everything else is thrown.
 */
public final class WebhookAuthority implements Authority {
  private final AuthorityConfig.Webhook config;
  private final String userAgent;
  private final WebhookClient client;

  private final AnswerCheck answers;

  /** An authority at the configured URL; the version goes into {@code User-Agent}. */
  public WebhookAuthority(AuthorityConfig.Webhook config, String version) {
    this(config, version, InstantSource.system(), new SecureRandom());
  }

  /** The same with a clock and a source of nonces, both of which signed answers need. */
  WebhookAuthority(
      AuthorityConfig.Webhook config, String version, InstantSource clock, SecureRandom random) {
    this.config = config;
    userAgent = "dstack-kms/" + version;
    answers = new AnswerCheck(config.answerKey(), clock, random);
    client = new WebhookClient(config, answers);
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return decide("bootAuth/app", bootInfo);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return decide("bootAuth/kms", bootInfo);
  }

  private Decision decide(String path, BootInfo bootInfo) {
    Bytes body = BootInfoJson.encode(bootInfo);
    AnswerCheck.Question question = new AnswerCheck.Question(path, answers.nonce(), body);
    HttpRequest request =
        question
            .mark(request(config.url().resolve(path)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()))
            .build();
    StrictAnswer answer = client.exchange(request, question, AnswerShape.DECISION);
    boolean allowed = answer.bool("isAllowed");
    String gatewayAppId = answer.text("gatewayAppId");
    String reason = answer.text("reason");
    return allowed ? new Decision.Allowed(gatewayAppId) : new Decision.Denied(reason);
  }

  @Override
  public AuthorityInfo info() {
    AnswerCheck.Question question = new AnswerCheck.Question("info", answers.nonce(), Bytes.EMPTY);
    HttpRequest request = question.mark(request(config.url().uri())).GET().build();
    StrictAnswer answer = client.exchange(request, question, AnswerShape.INFO);
    return new AuthorityInfo(
        false,
        Optional.of(answer.text("gatewayAppId")),
        Optional.of(answer.text("kmsContractAddr")),
        Optional.of(answer.number("chainId")),
        Optional.of(answer.text("appImplementation")),
        answer.optionalText("ethRpcUrl").filter(url -> !url.isEmpty()));
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri).header("User-Agent", userAgent);
    config.url().authorization().ifPresent(value -> builder.header("Authorization", value));
    RequestScope.current()
        .ifPresent(scope -> builder.header("traceparent", scope.trace().header()));
    return builder;
  }

  /** Gives up what is still running and closes every connection. */
  @Override
  public void close() {
    client.close();
  }
}
