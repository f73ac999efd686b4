package dstack.kms.chain.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.GovernanceVectors;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactoryForm;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.NewApp;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Planner;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.governance.Task;
import dstack.kms.chain.signing.KeySigner;
import dstack.kms.chain.signing.Transactions;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.chain.transaction.TestSenders;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contracts deployed, and plans carried out, on a real chain. */
final class KmsDeploymentTest {
  private TestChain chain;
  private KeySigner signer;

  @BeforeEach
  void start() {
    chain = TestChain.start();
    signer = Transactions.first();
  }

  @AfterEach
  void stop() {
    signer.close();
    chain.close();
  }

  private static Retry retry() {
    return new Retry(TestSenders.EAGER, _ -> {});
  }

  private KmsDeployment.Result deploy(URI url, KmsDeployment deployment) {
    Endpoint endpoint = TestSenders.endpoint(url);
    Deployer deployer =
        new Deployer(endpoint, TestSenders.sender(url, signer), retry(), Optional.empty());
    return deployment.run(endpoint, deployer, _ -> {});
  }

  private KmsDeployment fresh(Address owner) {
    return new KmsDeployment(KmsContracts.own(), owner, Optional.empty(), Optional.empty());
  }

  @Test
  void endsUpAtTheAddressesOfTheGuide() {
    KmsDeployment.Result result = deploy(chain.url(), fresh(signer.account()));

    assertThat(result.appImplementation()).isEqualTo(GovernanceVectors.IMPLEMENTATION);
    assertThat(result.kms()).isEqualTo(GovernanceVectors.KMS);
    assertThat(CreatedAddress.of(signer.account(), 2)).isEqualTo(result.kms());
  }

  @Test
  void knowsWhereAppsOfAFreshKmsEndUp() {
    assertThat(CreatedAddress.of(GovernanceVectors.KMS, 1))
        .hasToString(GovernanceVectors.at("createAddress/nonce1").asString());
    assertThat(CreatedAddress.of(GovernanceVectors.KMS, 2))
        .hasToString(GovernanceVectors.at("createAddress/nonce2").asString());
  }

  @Test
  void givesTheKmsToWhomeverItIsFor() {
    Address other = chain.account(4);
    KmsDeployment.Result first = deploy(chain.url(), fresh(signer.account()));
    KmsDeployment.Result second =
        deploy(
            chain.url(),
            new KmsDeployment(
                KmsContracts.own(),
                other,
                Optional.of(first.appImplementation()),
                Optional.of(first.kmsImplementation())));

    assertThat(second.kms()).isNotEqualTo(first.kms());
    assertThat(second.kmsImplementation()).isEqualTo(first.kmsImplementation());
    assertThat(chain.slot(second.kms(), ownerSlot()).text()).endsWith(other.value().hex());
  }

  private static Word ownerSlot() {
    return Word.parse("9016d09d72d40fdae2fd8ceac6b6234c7706214fd39c1cd1e609a0528c199300");
  }

  @Test
  void refusesImplementationsThatAreNone() {
    KmsDeployment deployment =
        new KmsDeployment(
            KmsContracts.own(), signer.account(), Optional.of(chain.account(5)), Optional.empty());

    assertThatThrownBy(() -> deploy(chain.url(), deployment))
        .hasMessageContaining("there is no contract at " + chain.account(5));
  }

  @Test
  void looksAgainWhenTheEndpointKnowsTheCodeLate() {
    AtomicInteger codes = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_getCode") && codes.incrementAndGet() < 4
                    ? FakeNode.Reply.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":"
                            + request.replaceAll("(?s).*\"id\":(\\d+).*", "$1")
                            + ",\"result\":\"0x\"}")
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      assertThat(deploy(node.url(), fresh(signer.account())).kms())
          .isEqualTo(GovernanceVectors.KMS);
    }
  }

  @Test
  void createsAppWhoseIdTheReceiptSays() {
    Address kms = deploy(chain.url(), fresh(signer.account())).kms();
    NewApp app = new NewApp(signer.account(), false, true, false, hash(5), hash(6));
    Endpoint endpoint = TestSenders.endpoint(chain.url());
    FactoryForm form = FactoryForm.of(endpoint, kms, signer.account(), app);

    DoneTask done = run(new KmsTasks(kms).createApp(app, form)).getFirst();

    assertThat(CreatedApp.in(done.receipts().getFirst(), kms))
        .hasToString(GovernanceVectors.at("createAddress/nonce1").asString());
    assertThatThrownBy(() -> CreatedApp.in(done.receipts().getFirst(), chain.account(1)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("does not say which app it created");
  }

  private static Optional<PolicyHash> hash(int number) {
    return Optional.of(new PolicyHash(Word.of(BigInteger.valueOf(number))));
  }

  @Test
  void readsBackWhatItChangedAndDoesItOnce() {
    KmsTasks tasks = new KmsTasks(deploy(chain.url(), fresh(signer.account())).kms());
    PolicyHash image = hash(7).orElseThrow();

    assertThat(run(tasks.addImage(image), tasks.addMr(image)))
        .hasSize(2)
        .allSatisfy(done -> assertThat(done.after()).allMatch(state -> state.holds()));
    assertThat(run(tasks.addImage(image), tasks.addMr(image))).isEmpty();
    assertThat(run(tasks.removeImage(image.word()))).hasSize(1);
  }

  @Test
  void refusesWhenTheStateAfterwardsIsAnother() {
    KmsTasks tasks = new KmsTasks(deploy(chain.url(), fresh(signer.account())).kms());
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_call") && request.contains("0x9a4e1d18")
                    ? FakeNode.Reply.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":"
                            + request.replaceAll("(?s).*\"id\":(\\d+).*", "$1")
                            + ",\"result\":\"0x"
                            + "00".repeat(32)
                            + "\"}")
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      assertThatThrownBy(() -> runAt(node.url(), tasks.addImage(hash(9).orElseThrow())))
          .hasMessageContaining("the state is not as wanted")
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(OperationRefusal.STATE);
    }
  }

  private List<DoneTask> run(Task... tasks) {
    return runAt(chain.url(), tasks);
  }

  private List<DoneTask> runAt(URI url, Task... tasks) {
    Endpoint endpoint = TestSenders.endpoint(url);
    Sender sender = TestSenders.sender(url, signer);
    Plan plan = new Planner(endpoint).plan(new Route.Direct(signer.account()), List.of(tasks));
    List<DoneTask> reported = new ArrayList<>();
    List<DoneTask> done =
        new DirectExecution(endpoint, sender, retry(), Optional.empty()).run(plan, reported::add);
    assertThat(reported).isEqualTo(done);
    return done;
  }
}
