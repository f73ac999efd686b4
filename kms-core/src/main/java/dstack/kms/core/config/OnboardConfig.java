package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Setting the server up: {@code [core.onboard]}.
 *
 * @param enabled whether a server without keys may be set up
 * @param autoBootstrapDomain the domain for which keys are made without being asked
 * @param listen where the set-up listener listens
 * @param limits how long a body may be
 * @param token what every changing call must show, if set
 * @param generateToken whether such a token is to be made and printed at start
 * @param hosts the names under which a browser may use the set-up listener; empty for every name
 * @param peers nodes of the same fleet, from which keys are taken at start if there are none here
 * @param domain the name for the own certificate when keys come from a peer
 * @param identity the fleet's root k256 public key, 33 bytes; keys of any other are refused
 * @param retryFor how long replication waits for a source whose view of the chain lags
 */
public record OnboardConfig(
    boolean enabled,
    Optional<String> autoBootstrapDomain,
    ListenAddress listen,
    BodyLimits limits,
    Optional<TokenDigest> token,
    boolean generateToken,
    List<String> hosts,
    List<EndpointUrl> peers,
    Optional<String> domain,
    Optional<Bytes> identity,
    Duration retryFor) {
  private static final int COMPRESSED_POINT = 33;

  public OnboardConfig {
    hosts = List.copyOf(hosts);
    peers = List.copyOf(peers);
  }

  static OnboardConfig read(Section onboard) {
    OnboardConfig config =
        new OnboardConfig(
            onboard.flag("enabled", true),
            onboard.optionalText("auto_bootstrap_domain"),
            onboard.listener("0.0.0.0", 8000),
            BodyLimits.read(onboard.table("limits"), BodyLimits.ONBOARD_METHODS),
            onboard.tokens().unlessAbsent("token"),
            onboard.flag("generate_token", false),
            onboard.list("hosts", text -> text, text -> text),
            onboard.list("peers", OnboardConfig::peer, EndpointUrl::display),
            onboard.optionalText("domain"),
            onboard.hex().optional("identity", COMPRESSED_POINT),
            onboard.deadline("retry_for", Duration.ofSeconds(30)));
    config.refuseContradictions();
    return config;
  }

  private static EndpointUrl peer(String text) {
    EndpointUrl url = EndpointUrl.parse(text);
    if (url.isPlain()) {
      throw ConfigText.bad("must be https URLs of KMS nodes");
    }
    return url;
  }

  private void refuseContradictions() {
    if (token.isPresent() && generateToken) {
      throw contradiction("core.onboard.token and core.onboard.generate_token are both set");
    }
    if (!peers.isEmpty() && autoBootstrapDomain.isPresent()) {
      throw contradiction(
          "core.onboard.peers and core.onboard.auto_bootstrap_domain are both set: a node that"
              + " makes keys of its own when no peer answers would split the fleet");
    }
    if (!peers.isEmpty() && domain.isEmpty()) {
      throw contradiction("core.onboard.peers needs core.onboard.domain");
    }
  }

  private static RefusalException contradiction(String text) {
    return new RefusalException(ConfigRefusal.CONTRADICTION, text);
  }
}
