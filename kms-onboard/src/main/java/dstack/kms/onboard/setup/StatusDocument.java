package dstack.kms.onboard.setup;

import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.preflight.Advice;
import dstack.kms.onboard.preflight.MachineFacts;
import dstack.kms.onboard.preflight.Preflight;
import dstack.kms.onboard.progress.ProgressView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@code GET /setup/status} answers: public values only, and nothing that costs anything. */
final class StatusDocument {
  private final Sources sources;

  /**
   * Where it is from.
   *
   * @param config of the listener
   * @param around title, version, port of the service
   * @param title of the page
   * @param tokenNeeded whether changing calls need a token
   * @param accomplished what this listener has done
   * @param progress how far the last attempt has come
   * @param identity the keys that there are
   * @param facts about this machine, as far as they are known
   */
  record Sources(
      OnboardConfig config,
      Surroundings around,
      String title,
      boolean tokenNeeded,
      Supplier<SetupRecord> accomplished,
      Supplier<Optional<ProgressView>> progress,
      Supplier<Optional<NodeIdentity>> identity,
      Supplier<Optional<MachineFacts>> facts) {}

  StatusDocument(Sources sources) {
    this.sources = sources;
  }

  Map<String, Object> now() {
    OnboardConfig config = sources.config();
    SetupRecord done = sources.accomplished().get();
    Optional<NodeIdentity> identity = sources.identity().get();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("state", identity.isPresent() ? "complete" : "setting-up");
    document.put("title", sources.title());
    document.put("version", sources.around().version());
    put(document, "domain", done.domain().map(RpcDomain::text).or(config::domain));
    document.put("main_port", sources.around().mainPort());
    document.put("same_port", config.listen().port() == sources.around().mainPort());
    document.put("token_needed", sources.tokenNeeded());
    document.put("complete", identity.isPresent());
    put(document, "identity", identity.map(found -> identity(found, done)));
    put(document, "procedure", sources.progress().get().map(this::procedure));
    document.put("peers", config.peers().stream().map(EndpointUrl::display).toList());
    return document;
  }

  private static Map<String, Object> identity(NodeIdentity stored, SetupRecord done) {
    NodeIdentity identity =
        done.sourceKey()
            .map(
                key ->
                    key.equals(stored.k256Pubkey())
                        ? stored.and(true, "The k256 public key is the source's.")
                        : stored.and(false, "The k256 public key is not the source's."))
            .orElse(stored);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("ca_pubkey", identity.caPubkey().hex());
    entry.put("k256_pubkey", identity.k256Pubkey().hex());
    entry.put("verified", identity.verified());
    entry.put("says", identity.says());
    return entry;
  }

  private Map<String, Object> procedure(ProgressView view) {
    Advice advice =
        view.error().isEmpty()
            ? Advice.NONE
            : Preflight.advice(view.error(), sources.facts().get());
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("kind", word(view.kind()));
    entry.put("state", word(view.outcome()));
    entry.put("steps", view.steps().stream().map(StatusDocument::step).toList());
    entry.put("says", view.says());
    entry.put("error", view.error());
    entry.put("advice", advice.text());
    entry.put("command", advice.command());
    return entry;
  }

  private static Map<String, Object> step(ProgressView.Step step) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", word(step.id()));
    entry.put("text", step.id().text());
    entry.put("state", word(step.state()));
    entry.put("seconds", seconds(step.took()));
    return entry;
  }

  private static double seconds(Duration took) {
    return took.toMillis() / 1000.0;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void put(Map<String, Object> document, String name, Optional<?> value) {
    @Nullable Object known = value.isPresent() ? value.get() : null;
    document.put(name, known);
  }
}
