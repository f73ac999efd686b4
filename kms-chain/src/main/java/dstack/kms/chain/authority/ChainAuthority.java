package dstack.kms.chain.authority;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.head.ContractFacts;
import dstack.kms.chain.head.HeadBoard;
import dstack.kms.chain.head.HeadRefusal;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.PolicyRefusal;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.ForeignWords;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the policy contract, at blocks that are chosen before it is asked (specification 21
 * §8).
 *
 * <p>Keys are released if the contract allows it at the block where grants must stand and at the
 * newest one as well: grants wait, revocations do not. No decision is remembered. Whatever keeps
 * the contract from being read with certainty is {@link Decision.Undecided} with one text for
 * clients; the operator's log has the cause.
 */
final class ChainAuthority implements Authority {
  private static final Logger log = LoggerFactory.getLogger(ChainAuthority.class);

  /** What clients read, whatever happened; the same as of the original's authority. */
  private static final String UNAVAILABLE = "authorization backend unavailable";

  private final ChainConfig config;
  private final ReaderSet readers;
  private final PolicyReader reader;
  private final HeadBoard board;
  private final DecisionTally tally = new DecisionTally();

  ChainAuthority(ChainConfig config, ReaderSet readers, HeadBoard board) {
    this.config = config;
    this.readers = readers;
    this.board = board;
    reader = new SharedReads(readers.reader());
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return tally.count(decide(Route.APP, bootInfo));
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return tally.count(decide(Route.KMS, bootInfo));
  }

  private Decision decide(Route route, BootInfo bootInfo) {
    try {
      return decide(new PolicyQuestion(route, AppBootInfo.of(bootInfo)));
    } catch (RefusalException e) {
      log.warn(
          "{} not asked or not answered: {} ({}) {}",
          route,
          ForeignWords.shown(e.text()),
          e.code().code(),
          ForeignWords.shown(e.detail()));
      // What no list can hold is denied in the contract's words; everything else is no decision.
      return e.code() == PolicyRefusal.ABSENT
          ? new Decision.Denied(e.text())
          : new Decision.Undecided(
              new RefusalException(e.code(), UNAVAILABLE, e.text() + " " + e.detail()));
    }
  }

  private Decision decide(PolicyQuestion question) {
    Deadline deadline = Deadline.in(config.exchange().totalTimeout());
    ChainView view = board.await(deadline);
    try {
      return decideAt(view, question, deadline);
    } catch (RefusalException e) {
      // A block that is gone is no answer; the chain that replaced it is asked once.
      if (e.code() != RpcRefusal.ERROR && e.code() != DecisionRefusal.NO_ANSWER) {
        throw e;
      }
      ChainView other = board.awaitOther(view, deadline).orElseThrow(() -> e);
      return decideAt(other, question, deadline);
    }
  }

  private Decision decideAt(ChainView view, PolicyQuestion question, Deadline deadline) {
    PolicyFinding finding = reader.read(question, view, deadline);
    board.decidedAt(view);
    Verdict chosen = finding.chosen().verdict();
    Verdict newest = finding.newest();
    if (!newest.allowed()) {
      log.info(
          "{} denied at block {}: {}",
          question.route(),
          view.head().number(),
          ForeignWords.shown(newest.reason()));
      return new Decision.Denied(newest.reason(), finding.chosen().gatewayAppId());
    }
    if (!chosen.allowed()) {
      log.info(
          "{} denied at {} block {}: {}; allowed at latest, not yet at {}: wait until block {} is",
          question.route(),
          config.block().word(),
          view.chosen().number(),
          ForeignWords.shown(chosen.reason()),
          config.block().word(),
          view.head().number());
      return new Decision.Denied(chosen.reason(), finding.chosen().gatewayAppId());
    }
    return new Decision.Allowed(finding.chosen().gatewayAppId(), Optional.of(view.chosen().ref()));
  }

  @Override
  public void requireAnswering() {
    board.await(Deadline.in(config.exchange().totalTimeout()));
  }

  @Override
  public Optional<BlockRef> view() {
    return board.view().map(view -> view.chosen().ref());
  }

  @Override
  public AuthorityInfo info() {
    try {
      return readInfo();
    } catch (RefusalException e) {
      // It reaches clients that show nothing of themselves; endpoints' names and words are not
      // theirs.
      throw new RefusalException(e.code(), UNAVAILABLE, e.text() + " " + e.detail());
    }
  }

  private AuthorityInfo readInfo() {
    requireAnswering();
    ContractFacts facts =
        board
            .contract()
            .orElseThrow(
                () ->
                    new RefusalException(
                        HeadRefusal.NOT_READY, "the policy contract was not read yet"));
    return new AuthorityInfo(
        false,
        Optional.of(facts.gatewayAppId()),
        Optional.of(new Address(config.contract()).checksummed()),
        Optional.of(config.chainId()),
        Optional.of(facts.appImplementation().checksummed()),
        Optional.of(config.endpoints().getFirst().name()));
  }

  @Override
  public Optional<AuthorityStats> stats() {
    return Optional.of(
        new AuthorityStats(
            tally.counts(),
            readers.disagreements().getAsLong(),
            board.reorganizations(),
            board.head(),
            board.endpoints()));
  }

  @Override
  public void close() {
    board.close();
    readers.close();
  }
}
