package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How this server reads the policy contract itself: {@code [core.auth_api.chain]}.
 *
 * @param mode whom it believes
 * @param endpoints who is asked, the preferred one first
 * @param contract the policy contract's proxy, 20 bytes
 * @param chainId the chain's number
 * @param block where a grant must stand
 * @param pin how reads are tied to a block
 * @param quorum how many endpoints must agree; 1 in mode {@code direct}
 * @param exchange what one exchange may cost
 * @param freshness how old what is known may be
 * @param implementations which code may stand behind the proxies
 */
public record ChainConfig(
    ChainMode mode,
    List<RpcUrl> endpoints,
    Bytes contract,
    long chainId,
    BlockChoice block,
    BlockPin pin,
    int quorum,
    Exchange exchange,
    Freshness freshness,
    Implementations implementations)
    implements AuthorityConfig {
  private static final long LARGEST_CHAIN_ID = (1L << 53) - 1;
  private static final int MOST_ENDPOINTS = 16;

  /** Copies the list. */
  public ChainConfig {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * What one exchange may cost.
   *
   * @param connectTimeout how long a connection may take
   * @param totalTimeout how long a decision may take, whoever has to be asked
   * @param maxAnswer how many bytes an answer may have
   * @param gas how much of it one call may burn
   */
  public record Exchange(Duration connectTimeout, Duration totalTimeout, long maxAnswer, int gas) {}

  /**
   * How old what is known may be.
   *
   * @param poll how often each endpoint is asked for its newest block
   * @param maxViewAge how long an endpoint may not have been heard of
   * @param maxHeadAge how old the newest block may be, by its own time
   * @param maxLag how many blocks an endpoint may be behind
   */
  public record Freshness(Duration poll, Duration maxViewAge, Duration maxHeadAge, int maxLag) {}

  /**
   * Which code may stand behind the proxies, each 20 bytes; an empty list names none.
   *
   * @param kms of the policy contract
   * @param apps of apps' contracts
   * @param proxyCode hashes of 32 bytes of proxies' own code, beside that of this program's
   */
  public record Implementations(List<Bytes> kms, List<Bytes> apps, List<Bytes> proxyCode) {
    /** Copies both lists. */
    public Implementations {
      kms = List.copyOf(kms);
      apps = List.copyOf(apps);
      proxyCode = List.copyOf(proxyCode);
    }
  }

  /** Reads every key; empty unless this is the authority that was chosen. */
  static Optional<ChainConfig> read(Section chain, boolean chosen) {
    ChainMode mode = chain.word("mode", ChainMode.DIRECT);
    List<RpcUrl> endpoints =
        chain.urls().ofChain("rpc_urls", chosen ? List.of("ETH_RPC_URL") : List.of());
    Optional<Bytes> contract =
        chain
            .hex()
            .address(
                "contract",
                chosen ? List.of("KMS_CONTRACT_ADDR", "KMS_CONTRACT_ADDRESS") : List.of());
    long chainId = chain.count("chain_id", 0, LARGEST_CHAIN_ID);
    int quorum = chain.number("quorum", 0, 0, MOST_ENDPOINTS);
    BlockChoice block = chain.block("block", BlockChoice.LATEST);
    BlockPin pin = chain.word("pin", BlockPin.HASH);
    Exchange exchange = exchange(chain);
    Freshness freshness = freshness(chain);
    Implementations implementations =
        new Implementations(
            chain.hex().addresses("kms_implementations"),
            chain.hex().addresses("app_implementations"),
            chain.hex().hashes("proxy_code_hashes"));
    if (!chosen) {
      return Optional.empty();
    }
    require(!endpoints.isEmpty(), chain, "rpc_urls");
    require(chainId != 0, chain, "chain_id");
    ChainRule.check(chain, mode, endpoints, quorum);
    return Optional.of(
        new ChainConfig(
            mode,
            endpoints,
            contract.orElseThrow(() -> missing(chain, "contract")),
            chainId,
            block,
            pin,
            ChainRule.quorum(mode, endpoints.size(), quorum),
            exchange,
            freshness,
            implementations));
  }

  private static Exchange exchange(Section chain) {
    return new Exchange(
        chain.deadline("connect_timeout", Duration.ofSeconds(3)),
        chain.deadline("total_timeout", Duration.ofSeconds(10)),
        chain.size("max_answer", 2 << 20),
        chain.number("gas", 10_000_000, 100_000, 1_000_000_000));
  }

  private static Freshness freshness(Section chain) {
    return new Freshness(
        chain.deadline("poll", Duration.ofSeconds(2)),
        chain.deadline("max_view_age", Duration.ofSeconds(8)),
        chain.deadline("max_head_age", Duration.ofMinutes(2)),
        chain.number("max_lag", 5, 0, 1000));
  }

  private static void require(boolean there, Section chain, String name) {
    if (!there) {
      throw missing(chain, name);
    }
  }

  private static RefusalException missing(Section chain, String name) {
    return new RefusalException(
        ConfigRefusal.CONTRADICTION,
        "core.auth_api.type is \"chain\"; it needs " + chain.where(name));
  }
}
