package dstack.kms.chain.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.safe.SafeRefusal;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An endpoint between us and a real chain that changes one answer. */
final class LyingEndpointTest {
  private static GovernedChain on;

  @BeforeAll
  static void start() {
    on = new GovernedChain(SafeVersion.V1_4_1);
  }

  @AfterAll
  static void stop() {
    on.close();
  }

  /** Runs a step over an endpoint that changes the results of requests with that text in them. */
  private static void over(String asked, UnaryOperator<String> lie, Consumer<Endpoint> step) {
    FakeNode.Script script =
        request -> {
          String answer = FakeNode.ask(on.chain.url(), request);
          return FakeNode.Reply.of(request.contains(asked) ? lie.apply(answer) : answer);
        };
    try (FakeNode node = new FakeNode(script);
        RpcClient client = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
      step.accept(new Endpoint(client));
    }
  }

  private static String otherDigit(String answer) {
    int last = answer.lastIndexOf('"') - 1;
    char digit = answer.charAt(last) == '0' ? '1' : '0';
    return answer.substring(0, last) + digit + answer.substring(last + 1);
  }

  private static String result(String answer, String value) {
    return answer.replaceFirst("\"result\":\"[^\"]*\"", "\"result\":\"" + value + '"');
  }

  private static void assertRefused(
      RefusalCode code, String asked, UnaryOperator<String> lie, Consumer<Endpoint> step) {
    step.accept(on.endpoint);
    assertThatThrownBy(() -> over(asked, lie, step))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  @Test
  void isFoundOutWhenItGivesTheOperationAnotherId() {
    Proposal single = on.propose(on.modelB(), on.addImage(1));
    assertRefused(
        TimelockRefusal.ID,
        "8065657f",
        LyingEndpointTest::otherDigit,
        endpoint -> new ProposalChecks(endpoint).schedulable(single, on.proposer));
    Proposal batch = on.propose(on.modelB(), on.addImage(1), on.addImage(2));
    assertRefused(
        TimelockRefusal.ID,
        "b1c5f427",
        LyingEndpointTest::otherDigit,
        endpoint -> new ProposalChecks(endpoint).schedulable(batch, on.proposer));
  }

  @Test
  void isFoundOutWhenItGivesTheSafeTransactionAnotherHash() {
    Proposal signed = on.signed(on.propose(on.modelC(), on.addImage(1)), 0, 1);
    for (String selector : new String[] {"d8d11f78", "f698da25"}) {
      assertRefused(
          SafeRefusal.HASH,
          selector,
          LyingEndpointTest::otherDigit,
          endpoint -> new SafeGathering(endpoint).gathered(signed));
    }
  }

  @Test
  void cannotPassAnotherContractOffAsTheSafe() {
    Proposal signed = on.signed(on.propose(on.modelC(), on.addImage(1)), 0, 1);
    assertRefused(
        SafeRefusal.CONTRACT,
        "eth_getStorageAt",
        LyingEndpointTest::otherDigit,
        endpoint -> new SafeGathering(endpoint).gathered(signed));
  }

  @Test
  void makesNothingHappenByHidingTheCodeOfATarget() {
    Proposal proposal = on.propose(on.modelB(), on.addImage(1));
    assertRefused(
        TimelockRefusal.TARGET,
        "eth_getCode",
        answer -> result(answer, "0x"),
        endpoint -> new ProposalChecks(endpoint).schedulable(proposal, on.proposer));
  }

  @Test
  void isFoundOutWhenItServesAnotherChain() {
    Proposal proposal = on.propose(on.modelB(), on.addImage(1));
    assertRefused(
        ProposalRefusal.CHAIN,
        "eth_chainId",
        answer -> result(answer, "0x1"),
        endpoint -> new ProposalChecks(endpoint).schedulable(proposal, on.proposer));
  }
}
