package dstack.kms.chain.authority;

import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.PolicyRefusal;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.ForeignWords;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes what as many endpoints as must agree say of the same blocks, if none says otherwise.
 *
 * <p>All endpoints of the view are asked at once. Silence does not count; two different answers end
 * the decision whatever the majority says, because somebody lies or is broken; a call that reverted
 * is an answer. Once enough agree, the others have a moment left to contradict.
 */
final class QuorumReader implements PolicyReader {
  private static final Logger log = LoggerFactory.getLogger(QuorumReader.class);
  private static final Duration OBJECTION = Duration.ofMillis(500);

  private final ContractReader contract;
  private final int quorum;
  private final AtomicLong disagreements = new AtomicLong();

  QuorumReader(ContractReader contract, int quorum) {
    this.contract = contract;
    this.quorum = quorum;
  }

  /** How often endpoints answered differently. */
  long disagreements() {
    return disagreements.get();
  }

  private sealed interface Voice {
    record Said(RpcClient by, PolicyFinding finding) implements Voice {}

    /** Something other than a finding, which is an answer all the same. */
    record Otherwise(RpcClient by, RefusalException why) implements Voice {}

    record Failed(RpcClient by, RefusalException why) implements Voice {}
  }

  @Override
  public PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline) {
    BlockingQueue<Voice> voices = new LinkedBlockingQueue<>();
    List<Thread> asking =
        view.endpoints().stream()
            .map(
                client ->
                    Thread.ofVirtual()
                        .start(() -> voices.add(ask(client, question, view, deadline))))
            .toList();
    try {
      return heard(voices, asking.size(), deadline);
    } finally {
      // Otherwise those that hang would add up over as many readings as their deadline is long.
      asking.forEach(Thread::interrupt);
    }
  }

  private PolicyFinding heard(BlockingQueue<Voice> voices, int asked, Deadline deadline) {
    Count count = new Count(asked);
    Deadline until = deadline;
    while (count.isOpen()) {
      Optional<Voice> voice = next(voices, until);
      if (voice.isEmpty()) {
        break;
      }
      count.add(voice.get());
      if (count.said.size() >= quorum) {
        until = until.atMost(OBJECTION);
      }
    }
    return count.result();
  }

  private Voice ask(RpcClient client, PolicyQuestion question, ChainView view, Deadline deadline) {
    try {
      return new Voice.Said(client, contract.read(client, question, view, deadline));
    } catch (RefusalException e) {
      return isAnswer(e.code()) ? new Voice.Otherwise(client, e) : new Voice.Failed(client, e);
    }
  }

  private static boolean isAnswer(RefusalCode code) {
    return code == DecisionRefusal.REVERTED
        || code == DecisionRefusal.FAILED
        || code == PolicyRefusal.ENCODING
        || code == PolicyRefusal.TEXT_LENGTH;
  }

  private static Optional<Voice> next(BlockingQueue<Voice> voices, Deadline until) {
    try {
      return Optional.ofNullable(voices.poll(until.remaining().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      // Who might have contradicted was not heard to the end.
      Thread.currentThread().interrupt();
      throw new RefusalException(
          DecisionRefusal.TOO_FEW, "the endpoints were not waited for any longer");
    }
  }

  /** The answers so far. */
  private final class Count {
    private final int asked;
    private final List<Voice.Said> said = new ArrayList<>();
    private final List<Voice.Otherwise> otherwise = new ArrayList<>();
    private final List<Voice.Failed> failed = new ArrayList<>();

    Count(int asked) {
      this.asked = asked;
    }

    boolean isOpen() {
      return said.size() + otherwise.size() + failed.size() < asked;
    }

    void add(Voice voice) {
      switch (voice) {
        case Voice.Said one -> {
          said.add(one);
          requireSame(one);
        }
        case Voice.Otherwise one -> otherwise.add(one);
        case Voice.Failed one -> failed.add(one);
      }
      if (!said.isEmpty() && !otherwise.isEmpty()) {
        Voice.Otherwise one = otherwise.getFirst();
        throw diverged(said.getFirst(), one.by(), one.why().text());
      }
    }

    private void requireSame(Voice.Said one) {
      Voice.Said first = said.getFirst();
      if (!first.finding().equals(one.finding())) {
        throw diverged(first, one.by(), one.finding().toString());
      }
    }

    private RefusalException diverged(Voice.Said first, RpcClient other, String said) {
      disagreements.incrementAndGet();
      log.error(
          "chain endpoints {} and {} answer the same question at the same block differently: {}"
              + " and {}; nothing is decided",
          first.by().endpoint(),
          other.endpoint(),
          ForeignWords.shown(first.finding().toString()),
          ForeignWords.shown(said));
      return new RefusalException(
          DecisionRefusal.DIVERGED,
          first.by().endpoint() + " and " + other.endpoint() + " answer differently");
    }

    PolicyFinding result() {
      if (otherwise.size() >= quorum) {
        throw otherwise.getFirst().why();
      }
      if (said.size() < quorum) {
        throw new RefusalException(
            DecisionRefusal.TOO_FEW,
            said.size() + " of " + asked + " endpoints answered, " + quorum + " needed: " + why());
      }
      return said.getFirst().finding();
    }

    private String why() {
      String reasons =
          Stream.concat(
                  otherwise.stream().map(Voice.Otherwise::why),
                  failed.stream().map(Voice.Failed::why))
              .map(RefusalException::text)
              .collect(Collectors.joining("; "));
      return reasons.isEmpty() ? "the others were silent" : reasons;
    }
  }
}
