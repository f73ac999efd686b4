package dstack.kms.chain.authority;

import static dstack.kms.chain.authority.Lab.codeOf;
import static dstack.kms.chain.authority.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.head.HeadRefusal;
import dstack.kms.chain.policy.PolicyRefusal;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.config.ChainMode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.LogCapture;
import java.io.IOException;
import java.lang.Thread.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decisions against our contracts on a real chain. */
@Timeout(120)
final class ChainAuthorityTest {
  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void decidesAboutAppsAsTheContractAndNamesTheBlock() {
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      Decision decision = authority.decideApp(lab.boot());
      assertThat(decision)
          .isInstanceOfSatisfying(
              Decision.Allowed.class,
              allowed -> {
                assertThat(allowed.gatewayAppId()).isEqualTo("gateway-1");
                assertThat(allowed.block().orElseThrow().number()).isEqualTo(lab.height());
                assertThat("0x" + allowed.block().orElseThrow().hash())
                    .isEqualTo(
                        lab.chain
                            .rpc("eth_getBlockByNumber", "latest", false)
                            .required("hash")
                            .stringValue());
              });
      assertThat(authority.view()).isEqualTo(((Decision.Allowed) decision).block());
      Address stranger = new Address(Bytes.fromHex("09".repeat(20)));
      assertThat(authority.decideApp(lab.boot(stranger)))
          .isEqualTo(new Decision.Denied("App not registered", "gateway-1"));
    }
  }

  @Test
  void decidesAboutNodesAsTheContract() {
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      assertThat(authority.decideKms(lab.boot()))
          .isEqualTo(new Decision.Denied("Aggregated MR not allowed", "gateway-1"));
      lab.kms.owner("addKmsAggregatedMr(bytes32)", Lab.REGISTERS);
      lab.settle(authority);
      assertThat(authority.decideKms(lab.boot()))
          .isEqualTo(new Decision.Denied("KMS is not allowed to boot on this device", "gateway-1"));
      lab.kms.owner("addKmsDevice(bytes32)", Lab.DEVICE);
      lab.settle(authority);
      assertThat(authority.decideKms(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  /** 41 P4: the original makes ten exchanges in series. */
  @Test
  void asksInOneBatchPinnedToOneBlockHash() {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).start()) {
      authority.requireAnswering();
      String hash = "0x" + authority.view().orElseThrow().hash();
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      List<String> decisions = Lab.decisions(node).toList();
      assertThat(decisions).hasSize(1);
      assertThat(decisions.getFirst().split("\"method\":\"eth_call\"", -1)).hasSize(3);
      assertThat(decisions.getFirst().split("\"blockHash\":\"" + hash + "\"", -1)).hasSize(3);
      assertThat(decisions.getFirst().split("\"requireCanonical\":true", -1)).hasSize(3);
      assertThat(decisions.getFirst()).contains("\"gas\":\"0x989680\"");
    }
  }

  @Test
  void asksAgainForAnEqualQuestionSoThatARevocationCounts() {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      assertThat(Lab.decisions(node)).hasSize(2);
      lab.revokeCompose();
      lab.settle(authority);
      assertThat(authority.decideApp(lab.boot()))
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
    }
  }

  @Test
  void t13_asksNobodyAboutAHashOf31Bytes() {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).start()) {
      Bytes short31 = Lab.REGISTERS.value().slice(0, 31);
      assertThat(codeOf(authority.decideApp(lab.boot(lab.app, short31))))
          .isEqualTo(PolicyRefusal.WIDTH);
      assertThat(codeOf(authority.decideKms(lab.boot(lab.app, short31))))
          .isEqualTo(PolicyRefusal.WIDTH);
      assertThat(Lab.decisions(node)).isEmpty();
    }
  }

  @Test
  void t15_denyFollowsAReorganizationThatTakesTheGrantBack() {
    lab.revokeCompose();
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      lab.allowCompose();
      lab.settle(authority);
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      String before = authority.view().orElseThrow().hash().hex();
      lab.chain.rpc("anvil_reorg", 1, List.of());
      until(() -> authority.view().filter(b -> !b.hash().hex().equals(before)).isPresent());
      assertThat(authority.decideApp(lab.boot()))
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
      assertThat(authority.stats().orElseThrow().reorganizations()).isPositive();
    }
  }

  @Test
  void t15_neverMixesBlocksWhenAReorganizationComesBetweenLookAndDecision() {
    lab.revokeCompose();
    lab.allowCompose();
    AtomicBoolean once = new AtomicBoolean();
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).start()) {
      lab.settle(authority);
      node.follow(
          request -> {
            if (request.contains(Lab.IS_APP_ALLOWED) && once.compareAndSet(false, true)) {
              lab.chain.rpc("anvil_reorg", 1, List.of());
            }
            return FakeNode.passingOnTo(lab.chain.url()).answer(request);
          });
      assertThat(authority.decideApp(lab.boot()))
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
      assertThat(Lab.decisions(node)).hasSize(2);
    }
  }

  @Test
  void t15_pinnedByNumberRefusesAnotherBlockAtTheHeight() {
    lab.revokeCompose();
    lab.allowCompose();
    AtomicBoolean once = new AtomicBoolean();
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).pinnedByNumber().start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      node.follow(
          request -> {
            if (request.contains(Lab.IS_APP_ALLOWED) && once.compareAndSet(false, true)) {
              lab.chain.rpc("anvil_reorg", 1, List.of());
            }
            return FakeNode.passingOnTo(lab.chain.url()).answer(request);
          });
      assertThat(authority.decideApp(lab.boot()))
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
    }
  }

  /**
   * A chain that is replaced while the calls run has the view's block before or after them only.
   */
  @Test
  void t15_pinnedByNumberNeedsTheBlockBeforeAndAfterTheCalls() {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).pinnedByNumber().start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      String own = "(\\{[^{}]*\"result\":\\{[^{}]*?\"hash\":\"0x)\\w{4}";
      for (String which : List.of(own, "(?s)(.*\"hash\":\"0x)\\w{4}")) {
        node.follow(
            request -> {
              String answer = FakeNode.ask(lab.chain.url(), request);
              return FakeNode.Reply.of(
                  request.contains(Lab.IS_APP_ALLOWED)
                      ? answer.replaceFirst(which, "$1dead")
                      : answer);
            });
        assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(DecisionRefusal.NO_ANSWER);
      }
      String asked = Lab.decisions(node).toList().getLast();
      assertThat(asked.indexOf("eth_getBlockByNumber")).isLessThan(asked.indexOf("eth_call"));
      assertThat(asked.lastIndexOf("eth_getBlockByNumber"))
          .isGreaterThan(asked.lastIndexOf("eth_call"));
    }
  }

  @Test
  void grantsWaitForTheirDepthAndSayWhatTheyWaitFor() {
    lab.revokeCompose();
    lab.chain.rpc("anvil_mine", "0x5");
    try (Authority authority =
            lab.direct(lab.chain.url()).block(BlockChoice.Kind.DEPTH, 3).start();
        LogCapture log = new LogCapture()) {
      lab.allowCompose();
      until(() -> authority.view().filter(b -> b.number() == lab.height() - 3).isPresent());
      assertThat(authority.decideApp(lab.boot()))
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
      assertThat(log.lines()).anyMatch(l -> l.contains("allowed at latest, not yet at head-3"));
      lab.chain.rpc("anvil_mine", "0x3");
      until(() -> authority.view().filter(b -> b.number() == lab.height() - 3).isPresent());
      assertThat(authority.decideApp(lab.boot()))
          .isInstanceOfSatisfying(
              Decision.Allowed.class,
              allowed ->
                  assertThat(allowed.block().orElseThrow().number()).isEqualTo(lab.height() - 3));
    }
  }

  @Test
  void revocationsDoNotWait() {
    lab.chain.rpc("anvil_mine", "0x50");
    try (Authority authority =
        lab.direct(lab.chain.url()).block(BlockChoice.Kind.FINALIZED, 0).start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      lab.revokeCompose();
      until(
          () ->
              authority
                  .decideApp(lab.boot())
                  .equals(new Decision.Denied("Compose hash not allowed", "gateway-1")));
      assertThat(authority.view().orElseThrow().number()).isLessThan(lab.height() - 60);
    }
  }

  @Test
  void refusesAnotherChain() {
    try (Authority authority = lab.direct(lab.chain.url()).chainId(1).start()) {
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.WRONG_CHAIN);
      assertThat(catchThrowableOfType(RefusalException.class, authority::requireAnswering))
          .hasMessageContaining("serves chain 31337, expected 1");
    }
  }

  @Test
  void refusesAnEndpointThatChangesItsChain() {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).start()) {
      authority.requireAnswering();
      node.follow(
          request -> {
            String answer = FakeNode.ask(lab.chain.url(), request);
            return FakeNode.Reply.of(answer.replace("\"0x7a69\"", "\"0x1\""));
          });
      until(() -> authority.view().isEmpty());
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.WRONG_CHAIN);
    }
  }

  @Test
  void refusesAnAddressWithoutCodeAndAContractOfAnotherKind() {
    Address nothing = new Address(Bytes.fromHex("01".repeat(20)));
    for (Address wrong : List.of(nothing, lab.kms.appImplementation())) {
      try (Authority authority = lab.direct(lab.chain.url()).contract(wrong).start()) {
        Decision decision = authority.decideApp(lab.boot());
        if (wrong.equals(nothing)) {
          assertThat(codeOf(decision)).isEqualTo(HeadRefusal.NO_CONTRACT);
        } else {
          assertThat(codeOf(decision)).isIn(HeadRefusal.NO_CONTRACT, RpcRefusal.ERROR);
        }
      }
    }
  }

  @Test
  void refusesABlockThatIsTooOldOrOfTheFuture() {
    Instant head =
        Instant.ofEpochSecond(
            Long.decode(
                lab.chain
                    .rpc("eth_getBlockByNumber", "latest", false)
                    .required("timestamp")
                    .stringValue()));
    for (Duration off : List.of(Duration.ofSeconds(121), Duration.ofSeconds(-121))) {
      try (Authority authority =
          lab.direct(lab.chain.url()).headAge(Duration.ofMinutes(2)).start(() -> head.plus(off))) {
        assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.STALE);
      }
    }
    try (Authority authority =
        lab.direct(lab.chain.url())
            .headAge(Duration.ofMinutes(2))
            .start(() -> head.plusSeconds(119))) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  @Test
  void refusesWhenTheEndpointWasNotHeardOfLately() {
    try (FakeNode node = lab.node();
        Authority authority =
            lab.direct(node.url())
                .viewAge(Duration.ofMillis(300))
                .total(Duration.ofSeconds(1))
                .start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      node.follow(_ -> node.hanging());
      until(() -> authority.view().isEmpty());
      // By then the look itself may have missed its deadline, which says more.
      assertThat(codeOf(authority.decideApp(lab.boot())))
          .isIn(HeadRefusal.NOT_READY, RpcRefusal.DEADLINE);
    }
  }

  /** An endpoint that falls behind must not bring back what was revoked. */
  @Test
  void neverDecidesBelowABlockItDecidedAtAlready() {
    String snapshot = lab.chain.snapshot();
    try (Authority authority = lab.direct(lab.chain.url()).total(Duration.ofSeconds(1)).start()) {
      lab.revokeCompose();
      lab.settle(authority);
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Denied.class);
      lab.chain.restore(snapshot);
      until(() -> authority.view().isEmpty());
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.NOT_READY);
      lab.chain.rpc("anvil_mine", "0x1");
      lab.settle(authority);
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  @Test
  void t34_equalQuestionsAtTheSameTimeShareOneExchange() {
    CountDownLatch held = new CountDownLatch(1);
    try (FakeNode node = holding(held);
        Authority authority = lab.direct(node.url()).start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      authority.requireAnswering();
      List<CompletableFuture<Decision>> decisions =
          List.of(
              CompletableFuture.supplyAsync(() -> authority.decideApp(lab.boot()), threads),
              CompletableFuture.supplyAsync(() -> authority.decideApp(lab.boot()), threads),
              CompletableFuture.supplyAsync(
                  () -> authority.decideApp(lab.boot(lab.kms.kms())), threads));
      until(() -> Lab.decisions(node).count() == 2);
      held.countDown();
      assertThat(decisions.get(0).join()).isInstanceOf(Decision.Allowed.class);
      assertThat(decisions.get(1).join()).isEqualTo(decisions.get(0).join());
      assertThat(decisions.get(2).join())
          .isEqualTo(new Decision.Denied("App not registered", "gateway-1"));
    }
  }

  /** The one that began before the revocation may still say yes; the one after it must not. */
  @Test
  void t34_aQuestionAfterANewBlockDoesNotJoinOneFromBefore() {
    CountDownLatch held = new CountDownLatch(1);
    try (FakeNode node = holding(held);
        Authority authority = lab.direct(node.url()).start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      authority.requireAnswering();
      CompletableFuture<Decision> before =
          CompletableFuture.supplyAsync(() -> authority.decideApp(lab.boot()), threads);
      until(() -> Lab.decisions(node).count() == 1);
      lab.revokeCompose();
      lab.settle(authority);
      CompletableFuture<Decision> after =
          CompletableFuture.supplyAsync(() -> authority.decideApp(lab.boot()), threads);
      until(() -> Lab.decisions(node).count() == 2);
      held.countDown();
      assertThat(after.join())
          .isEqualTo(new Decision.Denied("Compose hash not allowed", "gateway-1"));
      assertThat(before.join()).isInstanceOf(Decision.Allowed.class);
    }
  }

  /** In every mode: the first caller's connection is reset while others wait for the same. */
  @ParameterizedTest
  @EnumSource(ChainMode.class)
  void t20_aCallerThatGoesAwayTakesTheDecisionFromNobodyElse(ChainMode mode) {
    CountDownLatch held = new CountDownLatch(1);
    try (FakeNode node = lab.node();
        Authority authority = lab.alone(mode, node.url()).start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      authority.requireAnswering();
      String asked = mode == ChainMode.PROOF ? "eth_getProof" : Lab.IS_APP_ALLOWED;
      node.follow(holding(asked, held));
      FutureTask<Decision> first = new FutureTask<>(() -> authority.decideApp(lab.boot()));
      Thread attacker = Thread.ofVirtual().start(first);
      until(() -> node.requests().stream().anyMatch(request -> request.contains(asked)));
      AtomicReference<Thread> victim = new AtomicReference<>();
      CompletableFuture<Decision> second =
          CompletableFuture.supplyAsync(
              () -> {
                victim.set(Thread.currentThread());
                return authority.decideApp(lab.boot());
              },
              threads);
      until(() -> victim.get() != null && victim.get().getState() == State.TIMED_WAITING);
      attacker.interrupt();
      assertThat(codeOf(join(first))).isEqualTo(RpcRefusal.DEADLINE);
      held.countDown();
      assertThat(second.join()).isInstanceOf(Decision.Allowed.class);
    }
  }

  private static Decision join(FutureTask<Decision> decision) {
    until(decision::isDone);
    return decision.resultNow();
  }

  private FakeNode holding(CountDownLatch held) {
    return new FakeNode(holding(Lab.IS_APP_ALLOWED, held));
  }

  private FakeNode.Script holding(String what, CountDownLatch held) {
    return request -> {
      if (request.contains(what)) {
        try {
          held.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      return FakeNode.passingOnTo(lab.chain.url()).answer(request);
    };
  }

  /** Helios has no newest block and cannot call before it has caught up (23 §12, 9.3). */
  @Test
  void isNotReadyRatherThanDenyingWhileALightClientCatchesUp() {
    try (FakeNode node =
            new FakeNode(
                request ->
                    FakeNode.Reply.of(
                        FakeNode.ask(lab.chain.url(), request)
                            .replaceAll(
                                "\"result\":(?!\"0x7a69\").*?\\}",
                                "\"error\":{\"code\":-32000,\"message\":\"out of sync: 3120"
                                    + " seconds behind\"}}")));
        Authority authority = lab.direct(node.url()).total(Duration.ofSeconds(2)).start()) {
      RefusalException refusal =
          catchThrowableOfType(RefusalException.class, authority::requireAnswering);
      assertThat(refusal.text()).startsWith("chain view not ready").contains("out of sync");
      RefusalException shown = catchThrowableOfType(RefusalException.class, authority::info);
      assertThat(shown.code()).isEqualTo(refusal.code());
      assertThat(shown.text()).isEqualTo("authorization backend unavailable");
      assertThat(shown.detail()).contains("out of sync");
      codeOf(authority.decideApp(lab.boot()));
      assertThat(authority.stats().orElseThrow().decisions())
          .containsEntry("denied", 0L)
          .containsEntry("undecided", 1L);
      assertThat(authority.view()).isEmpty();
      node.follow(FakeNode.passingOnTo(lab.chain.url()));
      until(() -> authority.view().isPresent());
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  @Test
  void saysAboutItselfWhatTheOriginalSays() {
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      assertThat(authority.info())
          .isEqualTo(
              new AuthorityInfo(
                  false,
                  Optional.of("gateway-1"),
                  Optional.of(lab.kms.kms().checksummed()),
                  Optional.of(31337L),
                  Optional.of(lab.kms.appImplementation().checksummed()),
                  Optional.of(lab.chain.url().toString())));
    }
  }

  @Test
  void countsDecisionsAndShowsItsEndpoints() {
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      authority.decideApp(lab.boot());
      authority.decideApp(lab.boot(new Address(Bytes.fromHex("09".repeat(20)))));
      var stats = authority.stats().orElseThrow();
      assertThat(stats.decisions())
          .containsEntry("allowed", 1L)
          .containsEntry("denied", 1L)
          .containsEntry("undecided", 0L);
      assertThat(stats.endpoints())
          .singleElement()
          .satisfies(
              endpoint -> {
                assertThat(endpoint.name()).isEqualTo(lab.chain.url().toString());
                assertThat(endpoint.healthy()).isTrue();
                assertThat(endpoint.lag()).isZero();
              });
    }
  }
}
