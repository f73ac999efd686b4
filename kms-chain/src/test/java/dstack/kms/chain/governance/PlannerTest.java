package dstack.kms.chain.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.chain.transaction.TestSenders;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plans against real contracts. */
final class PlannerTest {
  private static TestChain chain;
  private static Deployment contracts;
  private static KmsTasks tasks;
  private static Route.Direct owner;
  private static Endpoint endpoint;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    contracts = Deployment.on(chain);
    tasks = new KmsTasks(contracts.kms());
    owner = new Route.Direct(chain.account(0));
    endpoint = TestSenders.endpoint(chain.url());
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  private static PolicyHash hash(int number) {
    return new PolicyHash(Word.of(BigInteger.valueOf(number)));
  }

  private static Plan plan(Route route, Task... wanted) {
    return new Planner(endpoint).plan(route, List.of(wanted));
  }

  @Test
  void showsStateBeforeAndAsWanted() {
    Plan plan = plan(owner, tasks.addImage(hash(1)));

    assertThat(plan.pending()).hasSize(1);
    assertThat(plan.tasks().getFirst().before())
        .singleElement()
        .satisfies(state -> assertThat(state.words()).endsWith(": false -> true"));
  }

  @Test
  void leavesOutWhatIsDoneAlready() {
    contracts.owner("addOsImageHash(bytes32)", hash(2).word());

    Plan plan = plan(owner, tasks.addImage(hash(2)), tasks.removeImage(hash(3).word()));

    assertThat(plan.pending()).isEmpty();
    assertThat(plan.calls()).isEmpty();
  }

  @Test
  void sendsNothing() {
    try (FakeNode node = FakeNode.before(chain.url())) {
      new Planner(TestSenders.endpoint(node.url())).plan(owner, List.of(tasks.addImage(hash(4))));

      assertThat(node.requests()).noneMatch(request -> request.contains("eth_send"));
    }
  }

  @Test
  void refusesInWordsWhenTheActorIsNotTheOwner() {
    Address stranger = chain.account(7);

    assertThatThrownBy(() -> plan(new Route.Timelock(stranger), tasks.addImage(hash(5))))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("would refuse to allow the OS image")
        .hasMessageContaining(stranger + " is not the owner of the contract");
  }

  @Test
  void refusesContractThatIsNone() {
    assertThatThrownBy(() -> plan(owner, new KmsTasks(chain.account(3)).addImage(hash(6))))
        .hasMessageContaining("there is no contract at " + chain.account(3));
  }

  @Test
  void refusesContractThatIsAnother() {
    Address app = app();

    assertThatThrownBy(() -> plan(owner, new KmsTasks(app).addImage(hash(6))))
        .hasMessageContaining("does not answer allowedOsImages")
        .hasMessageContaining("it is another contract");
    assertThatThrownBy(() -> plan(owner, new AppTasks(contracts.kms()).setAnyDevice(true)))
        .hasMessageContaining("does not answer allowAnyDevice()");
  }

  @Test
  void refusesUpgradeToWhatIsNoImplementation() {
    OwnerTasks kms = new OwnerTasks(contracts.kms());

    assertThatThrownBy(() -> plan(owner, kms.upgrade(chain.account(3))))
        .hasMessageContaining("gave no reason");
    assertThatThrownBy(() -> plan(owner, kms.upgrade(contracts.kms())))
        .isInstanceOf(RefusalException.class);
    assertThat(plan(owner, kms.upgrade(contracts.kmsImplementation())).pending()).isEmpty();
  }

  @Test
  void readsWhetherUpgradesAreDisabledFromStorage() {
    Address app = app();
    Route appOwner = new Route.Direct(chain.account(2));

    assertThat(plan(appOwner, new AppTasks(app).disableUpgrades()).pending()).hasSize(1);
    contracts.send(chain.account(2), app, "disableUpgrades()");
    assertThat(plan(appOwner, new AppTasks(app).disableUpgrades()).pending()).isEmpty();
    assertThatThrownBy(
            () -> plan(appOwner, new OwnerTasks(app).upgrade(contracts.kmsImplementation())))
        .hasMessageContaining("made unchangeable by its owner");
  }

  @Test
  void seesThatOwnershipMovesInTwoSteps() {
    Ownership ownership = Ownership.read(FactReader.latest(endpoint), contracts.kms());

    assertThat(ownership.owner()).isEqualTo(chain.account(0));
    assertThat(ownership.isTwoStep()).isTrue();
    assertThat(new OwnerTasks(contracts.kms()).transfer(chain.account(1), ownership).warnings())
        .singleElement()
        .asString()
        .contains("stays the owner until");
  }

  @Test
  void findsTheFactoryThatTheContractHas() {
    NewApp app =
        new NewApp(chain.account(2), false, false, false, Optional.empty(), Optional.empty());

    assertThat(FactoryForm.of(endpoint, contracts.kms(), chain.account(5), app))
        .isEqualTo(FactoryForm.SIX_ARGUMENTS);
  }

  private static Address app() {
    return contracts.deployApp(
        chain.account(2), false, false, false, hash(8).word(), hash(9).word());
  }

  @Test
  void keepsNothingOfAnAnswerThatIsNoAnswer() {
    assertThatThrownBy(() -> Views.OWNER.decode(Bytes.fromHex("01".repeat(32))))
        .isInstanceOf(RefusalException.class);
  }
}
