package dstack.kms.chain.head;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all endpoints say, watched in the background, and the view that follows from it.
 *
 * <p>It never goes back below a height at which a decision was made ({@link DecidedFloor}), so that
 * an endpoint which is behind cannot bring back what was revoked.
 */
public final class HeadBoard implements AutoCloseable {
  private static final Duration SHORTEST = Duration.ofSeconds(3);

  private final ViewRules rules;
  private final InstantSource clock;
  private final Map<RpcClient, Sighting> sightings = new LinkedHashMap<>();
  private final Map<RpcClient, ContractFacts> facts = new HashMap<>();
  private final Map<RpcClient, Integer> looks = new HashMap<>();
  private final Duration patience;
  private final List<EndpointWatch> watches;

  /** Guards the maps, the floor and the count. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private DecidedFloor floor;
  private long reorganizations;

  /**
   * A board that begins to look at once.
   *
   * @param clients the endpoints in the configured order; they are not closed with it
   */
  public HeadBoard(ChainConfig config, List<RpcClient> clients, InstantSource clock) {
    this.clock = clock;
    rules = ViewRules.of(config);
    floor = DecidedFloor.of(rules);
    Duration twoPolls = config.freshness().poll().multipliedBy(2);
    patience = twoPolls.compareTo(SHORTEST) < 0 ? SHORTEST : twoPolls;
    ContractCheck contract = new ContractCheck(config.chainId(), new Address(config.contract()));
    EndpointWatch.Parts parts =
        new EndpointWatch.Parts(
            contract,
            new EndpointLook(contract, config.block()),
            config.freshness().poll(),
            config.exchange().totalTimeout());
    for (RpcClient client : clients) {
      sightings.put(client, Sighting.none(client, System.nanoTime()));
    }
    watches = clients.stream().map(client -> new EndpointWatch(this, client, parts)).toList();
    watches.forEach(EndpointWatch::start);
  }

  /** The view now, if there is one. Does not block. */
  public Optional<ChainView> view() {
    return switch (choice()) {
      case Choice.Good(ChainView view, _) when floor().admits(view.head()) -> Optional.of(view);
      case Choice.Good _, Choice.None _ -> Optional.empty();
    };
  }

  /** The view now; why there is none is refused. */
  public ChainView require() {
    return switch (choice()) {
      case Choice.Good(ChainView view, _) when floor().admits(view.head()) -> view;
      case Choice.Good(ChainView view, _) -> throw wentBack(view);
      case Choice.None(RefusalException why, _) -> throw why;
    };
  }

  /**
   * The view as soon as there is one. Why there is none is refused at the deadline, and before it
   * when two looks at every endpoint had their time.
   */
  public ChainView await(Deadline deadline) {
    Deadline patient = deadline.atMost(patience);
    lock.lock();
    try {
      while (true) {
        Optional<ChainView> view = view();
        if (view.isPresent()) {
          return view.get();
        }
        boolean starting =
            looks.size() < sightings.size() || looks.values().stream().anyMatch(n -> n < 2);
        if (deadline.hasPassed() || (patient.hasPassed() && !starting)) {
          return require();
        }
        changed.await(100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return require();
    } finally {
      lock.unlock();
    }
  }

  /** A view at other blocks than that one as soon as there is one; empty if none comes soon. */
  public Optional<ChainView> awaitOther(ChainView than, Deadline latest) {
    Deadline deadline = latest.atMost(patience);
    watches.forEach(EndpointWatch::wake);
    lock.lock();
    try {
      while (!deadline.hasPassed()) {
        Optional<ChainView> view = view().filter(other -> !other.hasBlocksOf(than));
        if (view.isPresent()) {
          return view;
        }
        changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return Optional.empty();
  }

  /** A decision was made at that view: none is made below it any more. */
  public void decidedAt(ChainView view) {
    lock.lock();
    try {
      floor = floor.raisedBy(view.head());
    } finally {
      lock.unlock();
    }
  }

  /** What the contract says about itself, by the first endpoint that is not in trouble. */
  public Optional<ContractFacts> contract() {
    lock.lock();
    try {
      return sightings.values().stream()
          .filter(sighting -> sighting.trouble().isEmpty())
          .flatMap(sighting -> Optional.ofNullable(facts.get(sighting.client())).stream())
          .findFirst();
    } finally {
      lock.unlock();
    }
  }

  void saw(Sighting sighting, boolean tookBack) {
    lock.lock();
    try {
      sightings.put(sighting.client(), sighting);
      looks.merge(sighting.client(), 1, Integer::sum);
      reorganizations += tookBack ? 1 : 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void learned(RpcClient client, ContractFacts said) {
    lock.lock();
    try {
      facts.put(client, said);
    } finally {
      lock.unlock();
    }
  }

  boolean hasView() {
    return view().isPresent();
  }

  /** Which heights every endpoint should name, even those it named before. */
  List<Long> wanted() {
    List<Long> wanted =
        switch (choice()) {
          case Choice.Good(_, List<Long> heights) -> heights;
          case Choice.None(_, List<Long> heights) -> heights;
        };
    return wanted.stream().distinct().toList();
  }

  private Choice choice() {
    return ViewChooser.choose(rules, snapshot(), System.nanoTime(), clock.instant());
  }

  private List<Sighting> snapshot() {
    lock.lock();
    try {
      return List.copyOf(sightings.values());
    } finally {
      lock.unlock();
    }
  }

  private DecidedFloor floor() {
    lock.lock();
    try {
      return floor;
    } finally {
      lock.unlock();
    }
  }

  private RefusalException wentBack(ChainView view) {
    return new RefusalException(
        HeadRefusal.NOT_READY,
        "the newest block is "
            + view.head().number()
            + ", decisions were made at "
            + floor().height()
            + " already: waiting until the chain is there again");
  }

  /** How many times an endpoint took a block back. */
  public long reorganizations() {
    lock.lock();
    try {
      return reorganizations;
    } finally {
      lock.unlock();
    }
  }

  /** The newest block, and how old it is. */
  public Optional<AuthorityStats.Head> head() {
    return view()
        .map(ChainView::head)
        .map(
            head ->
                new AuthorityStats.Head(
                    head.number(), Duration.between(head.timestamp(), clock.instant())));
  }

  /** Each endpoint as it was seen last. */
  public List<AuthorityStats.Endpoint> endpoints() {
    List<Sighting> all = snapshot();
    long highest = all.stream().mapToLong(Sighting::headNumber).max().orElse(0);
    long now = System.nanoTime();
    return all.stream()
        .map(
            each ->
                new AuthorityStats.Endpoint(
                    each.client().endpoint().name(),
                    each.trouble().isEmpty(),
                    highest - each.headNumber(),
                    Duration.ofNanos(now - each.seen())))
        .toList();
  }

  @Override
  public void close() {
    watches.forEach(EndpointWatch::close);
  }
}
