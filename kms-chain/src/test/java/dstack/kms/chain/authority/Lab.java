package dstack.kms.chain.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.config.BlockPin;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.ChainMode;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalCode;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A real chain with our contracts, one app that is allowed, and authorities that read it. */
final class Lab implements AutoCloseable {
  static final Word IMAGE = Word.parse("22".repeat(32));
  static final Word COMPOSE = Word.parse("55".repeat(32));
  static final Word DEVICE = Word.parse("77".repeat(32));
  static final Word REGISTERS = Word.parse("11".repeat(32));

  /** Of the decision function for apps: the requests that are decisions. */
  static final String IS_APP_ALLOWED = "0x1e079198000000000000000000000000";

  final TestChain chain = TestChain.start();
  final Deployment kms = Deployment.on(chain);
  final Address app;

  Lab() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    kms.owner("setGatewayAppId(string)", "gateway-1");
    app = kms.deployApp(chain.account(2), false, false, false, DEVICE, COMPOSE);
  }

  /** The app as it is allowed. */
  BootInfo boot() {
    return boot(app);
  }

  BootInfo boot(Address appId) {
    return boot(appId, REGISTERS.value());
  }

  BootInfo boot(Address appId, Bytes registers) {
    return new BootInfo(
        TeeVariant.TDX,
        registers,
        IMAGE.value(),
        Word.ZERO.value(),
        new AppId(appId.value()),
        new ComposeHash(COMPOSE.value()),
        new InstanceId(Bytes.EMPTY),
        DEVICE.value(),
        Bytes.EMPTY,
        "UpToDate",
        List.of());
  }

  /** The chain's height. */
  long height() {
    return Long.decode(chain.rpc("eth_blockNumber").stringValue());
  }

  /** A contract that the tests write by hand, registered as an app. */
  Address hostileApp(String code) {
    Address hostile = new Address(Bytes.fromHex("bad0".repeat(10)));
    chain.rpc("anvil_setCode", hostile.lowerCase(), "0x" + code);
    kms.send(chain.account(1), kms.kms(), "registerApp(address)", hostile);
    return hostile;
  }

  void revokeCompose() {
    kms.send(chain.account(2), app, "removeComposeHash(bytes32)", COMPOSE);
  }

  void allowCompose() {
    kms.send(chain.account(2), app, "addComposeHash(bytes32)", COMPOSE);
  }

  FakeNode node() {
    return FakeNode.before(chain.url());
  }

  Setup direct(URI... endpoints) {
    return new Setup(ChainMode.DIRECT, 1, List.of(endpoints));
  }

  Setup quorum(int quorum, URI... endpoints) {
    return new Setup(ChainMode.QUORUM, quorum, List.of(endpoints));
  }

  /** One endpoint in that mode. */
  Setup alone(ChainMode mode, URI endpoint) {
    return new Setup(mode, 1, List.of(endpoint));
  }

  /** An authority in the making. */
  final class Setup {
    private final ChainMode mode;
    private final int quorum;
    private final List<URI> endpoints;
    private BlockChoice block = BlockChoice.LATEST;
    private BlockPin pin = BlockPin.HASH;
    private long chainId = 31337;
    private Address contract = kms.kms();
    private Duration total = Duration.ofSeconds(5);
    private Duration poll = Duration.ofMillis(50);
    private Duration viewAge = Duration.ofSeconds(8);
    private Duration headAge = Duration.ofHours(1);

    private Setup(ChainMode mode, int quorum, List<URI> endpoints) {
      this.mode = mode;
      this.quorum = quorum;
      this.endpoints = endpoints;
    }

    Setup block(BlockChoice.Kind kind, int depth) {
      block = new BlockChoice(kind, depth);
      return this;
    }

    Setup pinnedByNumber() {
      pin = BlockPin.NUMBER;
      return this;
    }

    Setup chainId(long id) {
      chainId = id;
      return this;
    }

    Setup contract(Address address) {
      contract = address;
      return this;
    }

    Setup total(Duration duration) {
      total = duration;
      return this;
    }

    Setup poll(Duration duration) {
      poll = duration;
      return this;
    }

    Setup viewAge(Duration duration) {
      viewAge = duration;
      return this;
    }

    Setup headAge(Duration duration) {
      headAge = duration;
      return this;
    }

    Authority start() {
      return start(InstantSource.system());
    }

    Authority start(InstantSource clock) {
      return new ChainAuthorities(clock).make(config(), "test");
    }

    ChainConfig config() {
      return new ChainConfig(
          mode,
          endpoints.stream().map(url -> RpcUrl.of(url.toString())).toList(),
          contract.value(),
          chainId,
          block,
          pin,
          quorum,
          new ChainConfig.Exchange(Duration.ofSeconds(3), total, 2 << 20, 10_000_000),
          new ChainConfig.Freshness(poll, viewAge, headAge, 5),
          new ChainConfig.Implementations(List.of(), List.of(), List.of()));
    }
  }

  /** Waits until the authority sees the chain's newest block. */
  void settle(Authority authority) {
    long height = height();
    until(() -> authority.view().filter(block -> block.number() >= height).isPresent());
  }

  /** Waits for what happens in the background within seconds. */
  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for in vain").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** The code of a decision that was none; its text is the one that clients may see. */
  static RefusalCode codeOf(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Undecided.class);
    Decision.Undecided undecided = (Decision.Undecided) decision;
    assertThat(undecided.why().text()).isEqualTo("authorization backend unavailable");
    return undecided.why().code();
  }

  static Stream<String> decisions(FakeNode node) {
    return node.requests().stream().filter(request -> request.contains(IS_APP_ALLOWED));
  }

  @Override
  public void close() {
    chain.close();
  }
}
