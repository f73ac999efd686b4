package dstack.kms.cli.authapi;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.ChainMode;
import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.config.Setting;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The variables of the original's service (specification 21 §3); an empty one is not set. */
final class ServiceVariables {
  private static final String HOST = "127.0.0.1";
  private static final String PORT = "8000";
  private static final int LAST_PORT = 65_535;
  private static final String ENDPOINT = "http://localhost:8545";
  private static final String TYPE = "core.auth_api.type";
  private static final String CHAIN_ID = "core.auth_api.chain.chain_id";
  private static final String BLOCK = "core.auth_api.chain.block";

  private final Map<String, String> variables;

  ServiceVariables(Map<String, String> variables) {
    this.variables = variables;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Where to listen: the option, else the variable, else the default of the original. */
  InetSocketAddress address(Optional<String> host, Optional<String> port) {
    String name = host.or(() -> variable("HOST")).orElse(HOST);
    try {
      return new InetSocketAddress(
          InetAddress.getByName(name), port(port.or(() -> variable("PORT")).orElse(PORT)));
    } catch (UnknownHostException e) {
      throw RefusalException.causedBy(
          AuthApiRefusal.ADDRESS, "no address to listen at: " + name, e);
    }
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= LAST_PORT) {
      return Integer.parseInt(text);
    }
    throw new RefusalException(
        AuthApiRefusal.ADDRESS, "no port: " + text + ", expected 0 to " + LAST_PORT);
  }

  /** The contract's address exactly as the variable has it: the original repeats it so. */
  Optional<String> contract() {
    return variable("KMS_CONTRACT_ADDR");
  }

  /**
   * The chain's authority, whatever {@code core.auth_api.type} says, with what the configuration
   * leaves open from the variables. A chain without a number is the one that its endpoint names
   * first, as for the original.
   *
   * @param maker makes the authority, with all that the configuration says about it
   */
  Authority authority(ConfigOptions options, Function<KmsConfig, Authority> maker) {
    ConfigSources sources = options.sources(withDefaultEndpoint());
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put(TYPE, "chain");
    Set<String> open = keysLeftOpen(sources);
    if (open.contains(BLOCK)) {
      variable("ETH_FINALITY_CONFIRMATIONS")
          .filter(depth -> !depth.equals("0"))
          .ifPresent(depth -> flags.put(BLOCK, "head-" + depth));
    }
    if (!open.contains(CHAIN_ID)) {
      return maker.apply(config(sources, flags));
    }
    Function<String, Authority> numbered =
        number -> {
          flags.put(CHAIN_ID, number);
          return maker.apply(config(sources, flags));
        };
    return variable("ETH_CHAIN_ID")
        .map(numbered)
        .orElseGet(() -> new FirstSeenChain(endpoints(sources, flags), numbered));
  }

  /** What the configuration makes weaker, whatever the chain's number will be. */
  List<Weakening> weakenings(ConfigOptions options) {
    ConfigSources sources = options.sources(withDefaultEndpoint());
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put(TYPE, "chain");
    if (keysLeftOpen(sources).contains(CHAIN_ID)) {
      flags.put(CHAIN_ID, "1");
    }
    return config(sources, flags).weakenings();
  }

  private static KmsConfig config(ConfigSources sources, Map<String, String> flags) {
    return KmsConfig.load(sources.withFlags(flags));
  }

  /** The endpoints of a configuration of which only the chain's number is missing. */
  private static List<RpcUrl> endpoints(ConfigSources sources, Map<String, String> flags) {
    Map<String, String> anyNumber = new HashMap<>(flags);
    anyNumber.put(CHAIN_ID, "1");
    if (config(sources, anyNumber).authority() instanceof ChainConfig chain) {
      if (chain.mode() != ChainMode.DIRECT) {
        throw new RefusalException(
            ConfigRefusal.CONTRADICTION,
            "core.auth_api.chain.mode lets no endpoint decide alone; it needs"
                + " core.auth_api.chain.chain_id or ETH_CHAIN_ID");
      }
      return chain.endpoints();
    }
    throw new IllegalStateException(TYPE + " was set to chain");
  }

  /** A table that is not chosen may be incomplete, so that what is in it can be seen. */
  private static Set<String> keysLeftOpen(ConfigSources sources) {
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put(TYPE, "webhook");
    return KmsConfig.load(sources.withFlags(flags)).explain().stream()
        .filter(setting -> setting.origin().equals("default"))
        .map(Setting::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The original asks this endpoint if nobody names one. */
  private Map<String, String> withDefaultEndpoint() {
    Map<String, String> all = new HashMap<>(variables);
    if (variable("ETH_RPC_URL").isEmpty()) {
      all.put("ETH_RPC_URL", ENDPOINT);
    }
    return all;
  }
}
