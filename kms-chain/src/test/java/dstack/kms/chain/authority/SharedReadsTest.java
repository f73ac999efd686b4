package dstack.kms.chain.authority;

import static dstack.kms.chain.authority.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for the same, who goes away, and who gets the answer. */
@Timeout(60)
final class SharedReadsTest {
  private static final Duration LONG = Duration.ofSeconds(100);
  private static final Word BLOCK = word("11");
  private static final PolicyQuestion QUESTION =
      new PolicyQuestion(
          Route.KMS,
          new AppBootInfo(
              new Address(Bytes.fromHex("01".repeat(20))),
              word("22"),
              Address.ZERO,
              word("33"),
              word("44"),
              word("55"),
              word("66"),
              "UpToDate",
              List.of()));
  private static final PolicyFinding FINDING =
      new PolicyFinding(
          new PolicyAnswer(new Verdict(true, ""), "gateway-1"), new Verdict(true, ""));

  private final CountDownLatch answer = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final SharedReads reads = new SharedReads(this::slow);

  private static Word word(String each) {
    return Word.parse(each.repeat(32));
  }

  private static ChainView view(Word block) {
    BlockHeader header = new BlockHeader(7, block, word("77"), word("88"), Instant.EPOCH);
    return new ChainView(header, header, List.of());
  }

  /** Answers when the test lets it; may be interrupted and has a deadline, as an exchange has. */
  private PolicyFinding slow(PolicyQuestion question, ChainView view, Deadline deadline) {
    underWay.incrementAndGet();
    begun.incrementAndGet();
    try {
      if (answer.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return FINDING;
      }
      throw new RefusalException(DecisionRefusal.TOO_FEW, "none of three answered");
    } catch (InterruptedException e) {
      throw new RefusalException(RpcRefusal.DEADLINE, "the exchange was interrupted");
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** Somebody who asks and waits on a thread of its own. */
  private final class Asker {
    private final FutureTask<PolicyFinding> outcome;
    private final Thread thread;

    Asker(Duration time) {
      outcome = new FutureTask<>(() -> reads.read(QUESTION, view(BLOCK), Deadline.in(time)));
      thread = Thread.ofVirtual().start(outcome);
      until(() -> thread.getState() == Thread.State.TIMED_WAITING && begun.get() > 0);
    }

    RefusalException leaves() {
      thread.interrupt();
      until(outcome::isDone);
      return (RefusalException) outcome.exceptionNow();
    }

    PolicyFinding gets() throws Exception {
      return outcome.get();
    }
  }

  /** A client needs no evidence to ask for the node itself, and a reset connection interrupts. */
  @Test
  void t20_whoAskedFirstAndGoesAwayTakesTheAnswerFromNobody() throws Exception {
    Asker attacker = new Asker(LONG);
    Asker victim = new Asker(LONG);
    assertThat(attacker.leaves().code()).isEqualTo(RpcRefusal.DEADLINE);
    answer.countDown();
    assertThat(victim.gets()).isEqualTo(FINDING);
    assertThat(begun).hasValue(1);
  }

  @Test
  void whoJoinedAndGoesAwayTakesTheAnswerFromNobody() throws Exception {
    Asker first = new Asker(LONG);
    Asker second = new Asker(LONG);
    Asker third = new Asker(LONG);
    assertThat(second.leaves()).hasMessage("the policy was not read before the request ended");
    assertThat(first.leaves().code()).isEqualTo(RpcRefusal.DEADLINE);
    answer.countDown();
    assertThat(third.gets()).isEqualTo(FINDING);
    assertThat(begun).hasValue(1);
  }

  @Test
  void aReadingThatNobodyWaitsForIsGivenUpAndJoinedByNobody() throws Exception {
    Asker first = new Asker(LONG);
    Asker second = new Asker(LONG);
    first.leaves();
    assertThat(underWay).hasValue(1);
    second.leaves();
    until(() -> underWay.get() == 0);
    Asker later = new Asker(LONG);
    answer.countDown();
    assertThat(later.gets()).isEqualTo(FINDING);
    assertThat(begun).hasValue(2);
  }

  @Test
  void thousandRequestsThatAreAbandonedLeaveNoReadingBehind() {
    for (int i = 0; i < 1000; i++) {
      new Asker(LONG).leaves();
    }
    until(() -> underWay.get() == 0);
  }

  /** One that began late for its request, or hangs, must not end those that have time. */
  @Test
  void sharesNoReadingThatLeavesMuchLessTimeThanTheQuestionHas() throws Exception {
    Asker brief = new Asker(Duration.ofSeconds(60));
    Asker patient = new Asker(LONG);
    until(() -> begun.get() == 2);
    Asker next = new Asker(LONG);
    Asker briefAgain = new Asker(Duration.ofSeconds(60));
    brief.leaves();
    until(() -> underWay.get() == 1);
    answer.countDown();
    assertThat(patient.gets()).isEqualTo(FINDING);
    assertThat(next.gets()).isEqualTo(FINDING);
    assertThat(briefAgain.gets()).isEqualTo(FINDING);
    assertThat(begun).hasValue(2);
  }

  @Test
  void sharesAReadingThatLeavesAlmostAsMuchTime() throws Exception {
    Asker first = new Asker(Duration.ofSeconds(80));
    Asker second = new Asker(LONG);
    answer.countDown();
    assertThat(first.gets()).isEqualTo(FINDING);
    assertThat(second.gets()).isEqualTo(FINDING);
    assertThat(begun).hasValue(1);
  }

  @Test
  void saysAtTheDeadlineWhatTheReadingLacked() {
    RefusalException refusal =
        catchThrowableOfType(
            RefusalException.class,
            () -> reads.read(QUESTION, view(BLOCK), Deadline.in(Duration.ofMillis(50))));
    assertThat(refusal.code()).isEqualTo(DecisionRefusal.TOO_FEW);
  }

  @Test
  void waitsNotMuchLongerForAReadingThatDoesNotKeepTheDeadline() {
    SharedReads deaf = new SharedReads((question, view, _) -> slow(question, view, lasting()));
    Deadline almostASecondAgo = Deadline.in(Duration.ofMillis(-950));
    RefusalException refusal =
        catchThrowableOfType(
            RefusalException.class, () -> deaf.read(QUESTION, view(BLOCK), almostASecondAgo));
    assertThat(refusal.code()).isEqualTo(RpcRefusal.DEADLINE);
    assertThat(refusal).hasMessage("the policy was not read in time");
    until(() -> underWay.get() == 0);
  }

  private static Deadline lasting() {
    return Deadline.in(LONG);
  }

  @Test
  void readsOtherBlocksByThemselves() throws Exception {
    Asker at11 = new Asker(LONG);
    FutureTask<PolicyFinding> at99 =
        new FutureTask<>(() -> reads.read(QUESTION, view(word("99")), lasting()));
    Thread.ofVirtual().start(at99);
    until(() -> begun.get() == 2);
    answer.countDown();
    assertThat(at99.get()).isEqualTo(at11.gets());
  }

  @Test
  void remembersNeitherAnAnswerNorARefusalNorAnError() {
    AtomicInteger count = new AtomicInteger();
    SharedReads each =
        new SharedReads(
            (_, _, _) ->
                switch (count.incrementAndGet()) {
                  case 1 -> throw new RefusalException(DecisionRefusal.DIVERGED, "no");
                  case 2 -> throw new IllegalArgumentException("a bug");
                  default -> FINDING;
                });
    assertThat(catchThrowable(() -> each.read(QUESTION, view(BLOCK), lasting())))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(DecisionRefusal.DIVERGED));
    assertThat(catchThrowable(() -> each.read(QUESTION, view(BLOCK), lasting())))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a bug");
    assertThat(each.read(QUESTION, view(BLOCK), lasting())).isEqualTo(FINDING);
    assertThat(each.read(QUESTION, view(BLOCK), lasting())).isEqualTo(FINDING);
    assertThat(count).hasValue(4);
  }
}
