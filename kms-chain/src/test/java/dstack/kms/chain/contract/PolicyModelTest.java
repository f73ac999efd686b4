package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.PolicyModel.Accept;
import dstack.kms.chain.contract.PolicyModel.Action;
import dstack.kms.chain.contract.PolicyModel.Change;
import dstack.kms.chain.contract.PolicyModel.Flag;
import dstack.kms.chain.contract.PolicyModel.Freeze;
import dstack.kms.chain.contract.PolicyModel.Listing;
import dstack.kms.chain.contract.PolicyModel.Register;
import dstack.kms.chain.contract.PolicyModel.Renounce;
import dstack.kms.chain.contract.PolicyModel.Transfer;
import dstack.kms.chain.contract.PolicyModel.Upgrade;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Reverted;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random histories: whatever anybody tried, the contracts stand where the model stands. */
@SuppressWarnings("NullAway.Init") // the chain is there before the first property
final class PolicyModelTest {
  private static final List<Word> VALUES =
      List.of(Word.ZERO, Word.parse("11".repeat(32)), Word.parse("22".repeat(32)));

  private static TestChain chain;
  private static Deployment kms;
  private static Address app;

  @BeforeContainer
  static void start() {
    chain = TestChain.start();
    kms = Deployment.on(chain);
    String six = "initialize(address,bool,bool,bool,bytes32,bytes32)";
    Bytes setUp = Calldata.of(six, kms.owner(), false, false, false, Word.ZERO, Word.ZERO);
    app = Deployment.proxy(chain, kms.owner(), kms.appImplementation(), setUp);
  }

  @AfterContainer
  static void stop() {
    chain.close();
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void standsWhereTheModelStandsAfterAnyHistory(
      @ForAll("histories") List<Tuple.Tuple2<Integer, Action>> history) {
    String fresh = chain.snapshot();
    try {
      replay(history);
    } finally {
      chain.restore(fresh);
    }
  }

  private static void replay(List<Tuple.Tuple2<Integer, Action>> history) {
    PolicyModel model = new PolicyModel(kms.owner());
    for (var step : history) {
      Address caller = chain.account(step.get1());
      assertThat(onChain(caller, step.get2()))
          .as("%s", step)
          .isEqualTo(model.attempt(caller, step.get2()));
    }
    assertSameState(model);
    assertSameDecisions(model);
  }

  @Provide
  Arbitrary<List<Tuple.Tuple2<Integer, Action>>> histories() {
    Arbitrary<Integer> callers =
        Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(2, 1), Tuple.of(1, 2));
    return Combinators.combine(callers, actions()).as(Tuple::of).list().ofMaxSize(40);
  }

  private Arbitrary<Action> actions() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    Arbitrary<Action> changes =
        Combinators.combine(
                Arbitraries.of(Listing.class),
                Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false)),
                Arbitraries.of(VALUES))
            .as(Change::new);
    Arbitrary<Address> addresses =
        Arbitraries.of(chain.account(0), chain.account(1), chain.account(2), Address.ZERO);
    return Arbitraries.frequencyOf(
        Tuple.of(16, changes),
        Tuple.of(2, Combinators.combine(flags, flags).as(Flag::new)),
        Tuple.of(2, Arbitraries.of(app, app, chain.account(1), Address.ZERO).map(Register::new)),
        Tuple.of(1, Combinators.combine(flags, addresses).as(Transfer::new)),
        Tuple.of(2, flags.map(Accept::new)),
        Tuple.of(1, flags.map(Upgrade::new)),
        Tuple.of(1, Arbitraries.of(new Freeze(), new Renounce(false), new Freeze())));
  }

  private static Optional<Bytes> onChain(Address caller, Action action) {
    try {
      chain.send(caller, action.onKms() ? kms.kms() : app, calldata(action));
      return Optional.empty();
    } catch (Reverted e) {
      return Optional.of(e.data());
    }
  }

  private static Bytes calldata(Action action) {
    return switch (action) {
      case Change(Listing listing, boolean add, Word value) ->
          Calldata.of((add ? "add" : "remove") + listing.name + "(bytes32)", value);
      case Flag(boolean firmware, boolean value) ->
          Calldata.of(firmware ? "setRequireTcbUpToDate(bool)" : "setAllowAnyDevice(bool)", value);
      case Register(Address address) -> Calldata.of("registerApp(address)", address);
      case Transfer(boolean _, Address to) -> Calldata.of("transferOwnership(address)", to);
      case Accept _ -> Calldata.of("acceptOwnership()");
      case Renounce _ -> Calldata.of("renounceOwnership()");
      case Upgrade(boolean onKms) ->
          Calldata.of(
              "upgradeToAndCall(address,bytes)",
              onKms ? kms.kmsImplementation() : kms.appImplementation(),
              Bytes.EMPTY);
      case Freeze _ -> Calldata.of("disableUpgrades()");
    };
  }

  private static void assertSameState(PolicyModel model) {
    for (boolean onKms : List.of(true, false)) {
      Address contract = onKms ? kms.kms() : app;
      assertThat(kms.read(contract, "owner()").address(0)).isEqualTo(model.owner(onKms));
      assertThat(kms.read(contract, "pendingOwner()").address(0))
          .isEqualTo(model.pendingOwner(onKms));
    }
    assertThat(kms.read(app, "allowAnyDevice()").flag(0)).isEqualTo(model.anyDevice());
    assertThat(kms.read(app, "requireTcbUpToDate()").flag(0)).isEqualTo(model.firmwareRequired());
    assertThat(kms.read(kms.kms(), "registeredApps(address)", app).flag(0))
        .isEqualTo(model.isRegistered(app));
    for (Listing listing : Listing.values()) {
      Address contract = listing.ofKms() ? kms.kms() : app;
      for (Word value : VALUES) {
        assertThat(kms.read(contract, listing.getter + "(bytes32)", value).flag(0))
            .isEqualTo(model.contains(listing, value));
      }
    }
  }

  private static void assertSameDecisions(PolicyModel model) {
    for (Word image : VALUES) {
      for (Word hash : VALUES) {
        for (Word device : VALUES) {
          for (String status : List.of("UpToDate", "OutOfDate")) {
            Boot node = Boot.ofKms(hash, device, image).withTcbStatus(status);
            assertThat(kms.isKmsAllowed(node)).isEqualTo(model.isKmsAllowed(node));
            Boot boot = Boot.ofApp(app, hash, device, image).withTcbStatus(status);
            assertThat(kms.isAppAllowed(boot)).isEqualTo(model.isAppAllowed(boot));
          }
        }
      }
    }
  }
}
