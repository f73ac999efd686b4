package dstack.kms.onboard.node;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.PlainReach;
import dstack.kms.core.config.RpcUrl;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What decides and is asked over plain HTTP, also where that is allowed without the development
 * switch (T-16). A webhook that must sign its answers is not: nobody on the way can give one.
 *
 * @param key the setting
 * @param reaches where its URLs lead
 */
record InTheClear(String key, Set<PlainReach> reaches) {
  static InTheClear of(AuthorityConfig authority) {
    return switch (authority) {
      case AuthorityConfig.Webhook webhook ->
          new InTheClear(
              "core.auth_api.webhook.url",
              reaches(
                  Stream.of(webhook.url()).filter(_ -> webhook.answerKey().isEmpty()),
                  EndpointUrl::plainReach));
      case ChainConfig chain ->
          new InTheClear(
              "core.auth_api.chain.rpc_urls",
              reaches(chain.endpoints().stream(), RpcUrl::plainReach));
      case AuthorityConfig.PolicyFile _, AuthorityConfig.Dev _ -> new InTheClear("", Set.of());
    };
  }

  private static <U> Set<PlainReach> reaches(
      Stream<U> urls, Function<U, Optional<PlainReach>> reach) {
    return urls.flatMap(url -> reach.apply(url).stream())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(PlainReach.class)));
  }

  /** One for each place where it leads, by the labels {@code key} and {@code to}. */
  Map<Map<String, String>, Double> samples() {
    return reaches.stream().collect(Collectors.toMap(reach -> labels(reach), _ -> 1.0));
  }

  /** In this order, in which they are written. */
  private Map<String, String> labels(PlainReach reach) {
    return new TreeMap<>(Map.of("key", key, "to", reach.label()));
  }

  Optional<String> note() {
    return reaches.isEmpty()
        ? Optional.empty()
        : Optional.of(key + ": plain HTTP, whoever can reach that network decides about keys");
  }
}
