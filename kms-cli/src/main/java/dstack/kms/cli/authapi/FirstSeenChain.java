package dstack.kms.cli.authapi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authority of the chain whose number an endpoint names first, as the original takes any. Until
 * one answers there is none; afterwards the chain is that one for the life of the process.
 */
final class FirstSeenChain implements Authority {
  private static final Logger log = LoggerFactory.getLogger(FirstSeenChain.class);

  private final List<RpcUrl> endpoints;
  private final Function<String, Authority> maker;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Authority made;

  FirstSeenChain(List<RpcUrl> endpoints, Function<String, Authority> maker) {
    this.endpoints = List.copyOf(endpoints);
    this.maker = maker;
  }

  private Authority authority() {
    lock.lock();
    try {
      if (made == null) {
        made = maker.apply(Long.toString(chainId()));
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  private long chainId() {
    RefusalException last = null;
    for (ChainEndpoint endpoint : ChainEndpoint.all(endpoints)) {
      try (RpcClient client = new RpcClient(endpoint, RpcLimits.DEFAULT)) {
        long number = client.ask(Eth.chainId());
        log.warn(
            "the chain is {} because {} says so; set ETH_CHAIN_ID or core.auth_api.chain.chain_id",
            number,
            endpoint);
        return number;
      } catch (RefusalException e) {
        last = e;
      }
    }
    throw last == null ? new IllegalStateException("a chain without endpoints") : last;
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return authority().decideApp(bootInfo);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return authority().decideKms(bootInfo);
  }

  @Override
  public void requireAnswering() {
    authority().requireAnswering();
  }

  @Override
  public Optional<BlockRef> view() {
    return madeAlready().flatMap(Authority::view);
  }

  /** Does not wait for the one that is being made. */
  private Optional<Authority> madeAlready() {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(made);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<AuthorityStats> stats() {
    return madeAlready().flatMap(Authority::stats);
  }

  @Override
  public AuthorityInfo info() {
    return authority().info();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (made != null) {
        made.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
