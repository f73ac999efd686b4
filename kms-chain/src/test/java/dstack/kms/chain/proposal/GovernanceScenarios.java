package dstack.kms.chain.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeRefusal;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.timelock.OperationState;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Models B and C on a real chain with real Safe contracts; one chain for each Safe version. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GovernanceScenarios {
  private final SafeVersion version;
  private GovernedChain on;
  private String before;

  GovernanceScenarios(SafeVersion version) {
    this.version = version;
  }

  @BeforeAll
  void start() {
    on = new GovernedChain(version);
  }

  @BeforeEach
  void remember() {
    before = on.chain.snapshot();
  }

  @AfterEach
  void goBack() {
    on.chain.restore(before);
  }

  @AfterAll
  void stop() {
    on.close();
  }

  private OperationState state(Proposal proposal) {
    Word id = proposal.requireTimelock().operation(proposal.calls()).id();
    return new TimelockReader(on.endpoint, on.timelock).state(id);
  }

  @Test
  void modelCChangesThePolicyFromProposalToExecution() {
    Proposal proposal =
        ProposalFile.read(ProposalFile.write(on.propose(on.modelC(), on.addImage(1))));
    on.checks().requireStep(proposal);
    Proposal collected =
        SafeGathering.merged(
            List.of(
                on.signed(proposal, 2), proposal, on.signed(proposal, 0), on.signed(proposal, 2)));
    assertThat(new SafeGathering(on.endpoint).gathered(collected).missing()).isZero();

    on.make(on.anybody, on.execution(collected));
    assertThat(state(proposal)).isEqualTo(OperationState.WAITING);
    assertThat(on.isAllowed(1)).isFalse();

    on.chain.pass(GovernedChain.DELAY);
    assertThat(state(proposal)).isEqualTo(OperationState.READY);
    on.make(on.anybody, on.checks().executable(proposal, on.anybody));
    assertThat(state(proposal)).isEqualTo(OperationState.DONE);
    assertThat(on.isAllowed(1)).isTrue();
  }

  @Test
  void modelBSchedulesWaitsAndExecutesABatch() {
    Proposal proposal = on.propose(on.modelB(), on.addImage(2), on.addImage(3));
    on.make(on.proposer, on.checks().schedulable(proposal, on.proposer));
    on.chain.pass(GovernedChain.DELAY);
    on.make(on.anybody, on.checks().executable(proposal, on.anybody));
    assertThat(on.isAllowed(2) && on.isAllowed(3)).isTrue();
  }

  @Test
  void aSafeAloneMakesSeveralCallsAtOnceByMultiSend() {
    Address kms = on.kmsOwnedBy(on.safe);
    Call first = new Call(kms, BigInteger.ZERO, on.addImage(4).data());
    Call second = new Call(kms, BigInteger.ZERO, on.addImage(5).data());
    Proposal proposal =
        on.propose(new Route.Safe(on.safe), withMultiSend(on.contracts.multiSend()), first, second);
    on.make(on.anybody, on.execution(on.signed(proposal, 0, 1)));
    assertThat(on.chain.call(kms, Calldata.of("allowedOsImages(bytes32)", GovernedChain.image(5))))
        .isNotEqualTo(Bytes.zeros(32));
  }

  @Test
  void aSafeCancelsWhatItScheduled() {
    Proposal proposal = scheduled(on.addImage(1));
    Proposal cancel =
        new Proposer(on.endpoint, new SecureRandom())
            .step(proposal, on.safe, SafeStep.CANCEL, ProposalOptions.DEFAULT);
    on.make(on.anybody, on.execution(on.signed(cancel, 1, 2)));
    assertThat(state(proposal)).isEqualTo(OperationState.UNSET);
  }

  @Test
  void takesAnApprovalOnChainAndAContractsSignatureBesideTheOthers() {
    Address owner = on.chain.account(5);
    Address inner = on.newSafe(List.of(on.owners().get(0)), 1);
    Address outer = on.newSafe(List.of(owner, inner, on.owners().get(1)), 3);
    Address kms = on.kmsOwnedBy(outer);
    Proposal proposal =
        on.propose(new Route.Safe(outer), new Call(kms, BigInteger.ZERO, on.addImage(6).data()));
    SafePart part = proposal.requireSafe();
    Word hash = part.transaction(proposal).hash(part.domain(proposal.chainId()));
    Proposal byKey = on.signed(proposal, 1);
    Proposal signed =
        byKey.with(
            byKey
                .requireSafe()
                .with(
                    List.of(
                        byKey.requireSafe().signatures().getFirst(),
                        new SafeSignature.Approved(owner),
                        new SafeSignature.ByContract(inner, innerSignature(proposal, inner)))));
    assertRefused(SafeRefusal.SIGNER, "has not approved", () -> on.execution(signed));
    on.chain.send(owner, outer, Calldata.of("approveHash(bytes32)", hash));
    on.make(on.anybody, on.execution(signed));
    assertThat(on.chain.call(kms, Calldata.of("allowedOsImages(bytes32)", GovernedChain.image(6))))
        .isNotEqualTo(Bytes.zeros(32));
  }

  /** What the inner Safe's owner signs, so that it answers isValidSignature with yes. */
  private Bytes innerSignature(Proposal proposal, Address inner) {
    SafePart part = proposal.requireSafe();
    Bytes preimage = part.transaction(proposal).preimage(part.domain(proposal.chainId()));
    Bytes message = on.chain.call(inner, Calldata.of("getMessageHash(bytes)", preimage));
    return new SafeSignature.Typed(on.keys.get(0).signDigest(message)).bytes();
  }

  @Test
  void refusesToExecuteTooEarlyTwiceAndWhatWasNeverScheduled() {
    Proposal proposal = scheduled(on.addImage(1));
    assertRefused(
        TimelockRefusal.STATE,
        "waiting for its delay, ready at 20",
        () -> on.checks().executable(proposal, on.anybody));
    on.chain.pass(GovernedChain.DELAY);
    on.make(on.anybody, on.checks().executable(proposal, on.anybody));
    assertRefused(
        TimelockRefusal.STATE, "is done", () -> on.checks().executable(proposal, on.anybody));
    Proposal other = on.propose(on.modelB(), on.addImage(1));
    assertRefused(
        TimelockRefusal.STATE, "not scheduled", () -> on.checks().executable(other, on.anybody));
  }

  @Test
  void refusesToScheduleTwice() {
    Proposal proposal = scheduled(on.addImage(1));
    assertRefused(
        TimelockRefusal.STATE,
        "another salt",
        () -> on.checks().schedulable(proposal, on.proposer));
  }

  @Test
  void refusesAPredecessorThatIsUnknownOrNotDone() {
    assertRefused(
        TimelockRefusal.PREDECESSOR,
        "is not scheduled",
        () ->
            on.checks()
                .schedulable(
                    on.propose(on.modelB(), after(Word.parse("ab".repeat(32))), on.addImage(1)),
                    on.proposer));
    Proposal first = scheduled(on.addImage(1));
    Word id = first.requireTimelock().operation(first.calls()).id();
    Proposal second = on.propose(on.modelB(), after(id), on.addImage(2));
    on.make(on.proposer, on.checks().schedulable(second, on.proposer));
    on.chain.pass(GovernedChain.DELAY);
    assertRefused(
        TimelockRefusal.PREDECESSOR,
        "before this one",
        () -> on.checks().executable(second, on.anybody));
    on.make(on.anybody, on.checks().executable(first, on.anybody));
    on.make(on.anybody, on.checks().executable(second, on.anybody));
    assertThat(on.isAllowed(2)).isTrue();
  }

  @Test
  void refusesWhoIsNoProposerAndNoCanceller() {
    Proposal proposal = on.propose(on.modelB(), on.addImage(1));
    assertRefused(
        TimelockRefusal.ROLE, "PROPOSER", () -> on.checks().schedulable(proposal, on.anybody));
    Proposal scheduled = scheduled(on.addImage(1));
    assertRefused(
        TimelockRefusal.ROLE, "CANCELLER", () -> on.checks().cancellable(scheduled, on.anybody));
  }

  @Test
  void refusesADelayBelowTheLeast() {
    ProposalOptions hasty =
        new ProposalOptions(
            Optional.empty(),
            Word.ZERO,
            Optional.of(BigInteger.valueOf(GovernedChain.DELAY - 1)),
            false,
            Optional.empty(),
            Optional.empty());
    assertRefused(
        TimelockRefusal.DELAY,
        "--delay 3600",
        () -> on.checks().schedulable(on.propose(on.modelB(), hasty, on.addImage(1)), on.proposer));
  }

  @Test
  void refusesATargetWithoutCode() {
    Call nowhere = Call.of(on.chain.account(7), on.addImage(1).data());
    assertRefused(
        TimelockRefusal.TARGET,
        "no contract at",
        () -> on.checks().schedulable(on.propose(on.modelB(), nowhere), on.proposer));
    assertRefused(
        TimelockRefusal.TARGET,
        "no contract at",
        () -> on.checks().requireStep(on.propose(new Route.Safe(on.safe), nowhere)));
  }

  @Test
  void refusesTooFewSignaturesAStrangersAndTwoOfOneOwner() {
    Proposal proposal = on.propose(on.modelC(), on.addImage(1));
    assertRefused(
        SafeRefusal.THRESHOLD, "collect more", () -> on.execution(on.signed(proposal, 1)));
    assertRefused(
        SafeRefusal.DUPLICATE, "two signatures", () -> on.execution(on.signed(proposal, 1, 1)));
    assertRefused(
        SafeRefusal.DUPLICATE,
        "two signatures",
        () -> new SafeGathering(on.endpoint).gathered(on.signed(proposal, 1, 1)));
    try (Secp256k1PrivateKey stranger = Secp256k1PrivateKey.generate(new SecureRandom())) {
      assertRefused(
          SafeRefusal.SIGNER,
          "who is no owner",
          () -> on.execution(on.signed(on.signed(proposal, 1), stranger)));
    }
  }

  @Test
  void refusesSignaturesOverAnotherPayloadNonceOrChain() {
    Proposal signed = on.signed(on.propose(on.modelC(), on.addImage(1)), 0, 1);
    SafePart part = signed.requireSafe();
    Proposal otherCall =
        new Proposal(signed.chainId(), List.of(on.addImage(2)), signed.timelock(), part);
    assertRefused(SafeRefusal.SIGNER, "who is no owner", () -> on.execution(otherCall));
    Proposal otherNonce =
        signed.with(
            new SafePart(part.address(), BigInteger.TWO, part.step(), null, part.signatures()));
    assertRefused(SafeRefusal.SIGNER, "who is no owner", () -> on.execution(otherNonce));
    Proposal otherChain = new Proposal(BigInteger.ONE, signed.calls(), signed.timelock(), part);
    assertRefused(ProposalRefusal.CHAIN, "serves 31337", () -> on.execution(otherChain));
  }

  @Test
  void refusesANonceThatIsPastOrNotYetReached() {
    Proposal first = on.signed(on.propose(on.modelC(), on.addImage(1)), 0, 1);
    Proposal later = on.signed(on.propose(on.modelC(), withNonce(1), on.addImage(2)), 0, 1);
    assertThat(new SafeGathering(on.endpoint).gathered(later).missing()).isZero();
    assertRefused(SafeRefusal.NONCE, "before it first", () -> on.execution(later));
    on.make(on.anybody, on.execution(first));
    assertRefused(SafeRefusal.NONCE, "it was executed, or replaced", () -> on.execution(first));
    on.make(on.anybody, on.execution(later));
    assertThat(state(later)).isEqualTo(OperationState.WAITING);
  }

  @Test
  void refusesCopiesThatDifferInMoreThanSignatures() {
    Proposal one = on.propose(on.modelC(), on.addImage(1));
    Proposal other = on.propose(on.modelC(), on.addImage(1));
    assertRefused(
        ProposalRefusal.COPIES, "not copies", () -> SafeGathering.merged(List.of(one, other)));
  }

  @Test
  void refusesASafeWhoseCodeIsNotPublished() {
    assertRefused(
        SafeRefusal.CONTRACT,
        "none of",
        () -> new SafeReader(on.endpoint, on.kms).requireVersion());
    assertRefused(
        SafeRefusal.CONTRACT,
        "none of",
        () -> new SafeReader(on.endpoint, on.contracts.singleton()).requireVersion());
    assertThat(new SafeReader(on.endpoint, on.safe).requireVersion()).isEqualTo(version);
  }

  @Test
  void refusesToRunAnythingButMultiSendAsTheSafeItself() {
    Address kms = on.kmsOwnedBy(on.safe);
    Call call = new Call(kms, BigInteger.ZERO, on.addImage(4).data());
    Proposal proposal =
        on.propose(new Route.Safe(on.safe), withMultiSend(on.contracts.factory()), call, call);
    assertRefused(
        SafeRefusal.CONTRACT,
        "not that of MultiSendCallOnly",
        () -> on.execution(on.signed(proposal, 0, 1)));
  }

  @Test
  void saysWhyTheInnerCallWouldFail() {
    Call notOurs = new Call(on.kmsOwnedBy(on.anybody), BigInteger.ZERO, on.addImage(4).data());
    Proposal proposal = on.propose(on.modelB(), notOurs);
    on.make(on.proposer, on.checks().schedulable(proposal, on.proposer));
    on.chain.pass(GovernedChain.DELAY);
    assertThatThrownBy(() -> on.checks().executable(proposal, on.anybody))
        .hasMessageContaining("is not the owner of the contract");
  }

  private Proposal scheduled(Call call) {
    Proposal proposal = on.propose(on.modelC(), call);
    on.make(on.anybody, on.execution(on.signed(proposal, 0, 1)));
    return proposal;
  }

  private static ProposalOptions withMultiSend(Address multiSend) {
    return new ProposalOptions(
        Optional.empty(),
        Word.ZERO,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.of(multiSend));
  }

  private static ProposalOptions withNonce(long nonce) {
    return new ProposalOptions(
        Optional.empty(),
        Word.ZERO,
        Optional.empty(),
        false,
        Optional.of(BigInteger.valueOf(nonce)),
        Optional.empty());
  }

  private static ProposalOptions after(Word predecessor) {
    return new ProposalOptions(
        Optional.empty(), predecessor, Optional.empty(), false, Optional.empty(), Optional.empty());
  }

  private static void assertRefused(RefusalCode code, String words, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
