package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who owns, and how that changes hands (specification 20 §4, §7). */
final class OwnershipTest extends ChainTest {
  private static final String TRANSFER = "transferOwnership(address)";
  private static final String EXECUTE = "execute(address,uint256,bytes,bytes32,bytes32)";
  private static final String SCHEDULE = "schedule(address,uint256,bytes,bytes32,bytes32,uint256)";
  private static final Word OWNER_SLOT = Selectors.word("storage", "erc7201.Ownable");
  private static final Word PENDING_SLOT = Selectors.word("storage", "erc7201.Ownable2Step");
  private static final Word SALT = Word.parse("5a".repeat(32));
  private static final long DELAY = 3600;

  private Address app = Address.ZERO;
  private Address timelock = Address.ZERO;

  @Override
  protected void prepare() {
    app = kms.deployApp(owner, false, false, true, Word.ZERO, SALT);
    timelock =
        Deployment.deploy(
            chain,
            owner,
            OwnContract.TIMELOCK_CONTROLLER,
            DELAY,
            List.of(owner),
            List.of(Address.ZERO),
            Address.ZERO);
  }

  @Test
  void changesHandsInTwoSteps() {
    for (Address contract : List.of(kms.kms(), app)) {
      List<Word> both = List.of(owner.word(), stranger.word());
      assertThat(kms.send(owner, contract, TRANSFER, stranger).logs())
          .containsExactly(
              Selectors.log(contract, "OwnershipTransferStarted(address,address)", both));
      assertOwner(contract, owner, stranger);
      Address third = chain.account(3);
      Policies.assertRevertData(
          Selectors.error("OwnableUnauthorizedAccount(address)", third),
          () -> kms.send(third, contract, "acceptOwnership()"));
      assertThat(kms.send(stranger, contract, "acceptOwnership()").logs())
          .containsExactly(Selectors.log(contract, "OwnershipTransferred(address,address)", both));
      assertOwner(contract, stranger, Address.ZERO);
      Policies.isTheOwnersAlone(kms, contract, owner, TRANSFER, owner);
    }
  }

  @Test
  void isTakenBackWithZeroBeforeItIsAccepted() {
    kms.owner(TRANSFER, stranger);
    kms.owner(TRANSFER, Address.ZERO);
    assertOwner(kms.kms(), owner, Address.ZERO);
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, "acceptOwnership()");
  }

  @Test
  void canBeGivenUpForGood() {
    kms.owner(TRANSFER, stranger);
    assertThat(kms.owner("renounceOwnership()").logs())
        .containsExactly(
            Selectors.log(
                kms.kms(),
                "OwnershipTransferred(address,address)",
                List.of(owner.word(), Word.ZERO)));
    assertOwner(kms.kms(), Address.ZERO, Address.ZERO);
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, "acceptOwnership()");
    Policies.isTheOwnersAlone(kms, kms.kms(), owner, "addOsImageHash(bytes32)", SALT);
  }

  @Test
  void isTheOwnersToGive() {
    for (Address contract : List.of(kms.kms(), app)) {
      Policies.isTheOwnersAlone(kms, contract, stranger, TRANSFER, stranger);
      Policies.isTheOwnersAlone(kms, contract, stranger, "renounceOwnership()");
    }
  }

  /** The trap of models B and C: until the scheduled acceptance runs, the old key still rules. */
  @Test
  void passesToATimelockOnlyWhenItsAcceptanceWasScheduledAndExecuted() {
    kms.owner(TRANSFER, timelock);
    assertOwner(kms.kms(), owner, timelock);
    kms.owner("addOsImageHash(bytes32)", SALT);

    Bytes accept = Calldata.of("acceptOwnership()");
    schedule(accept, DELAY);
    Policies.assertRevertData(notReady(accept), () -> execute(accept));
    assertOwner(kms.kms(), owner, timelock);
    chain.pass(DELAY);
    execute(accept);
    assertOwner(kms.kms(), timelock, Address.ZERO);
    Policies.isTheOwnersAlone(kms, kms.kms(), owner, "removeOsImageHash(bytes32)", SALT);

    Bytes remove = Calldata.of("removeOsImageHash(bytes32)", SALT);
    schedule(remove, DELAY);
    chain.pass(DELAY);
    Receipt executed = execute(remove);
    assertThat(executed.logs())
        .contains(Selectors.policy(kms.kms(), timelock, "os-image", SALT, false));
    assertThat(kms.read(kms.kms(), "allowedOsImages(bytes32)", SALT).flag(0)).isFalse();
  }

  @Test
  void belongsToATimelockFromTheBeginningIfItIsTheInitialOwner() {
    Bytes setUp = Calldata.of("initialize(address,address)", timelock, kms.appImplementation());
    Address proxy = Deployment.proxy(chain, owner, kms.kmsImplementation(), setUp);
    assertOwner(proxy, timelock, Address.ZERO);
    Policies.isTheOwnersAlone(kms, proxy, owner, "addOsImageHash(bytes32)", SALT);
  }

  @Test
  void waitsNoShorterThanTheTimelockWants() {
    Policies.assertRevertData(
        Selectors.error("TimelockInsufficientDelay(uint256,uint256)", DELAY - 1, DELAY),
        () -> schedule(Calldata.of("acceptOwnership()"), DELAY - 1));
    Policies.assertRevertData(
        Selectors.error(
            "AccessControlUnauthorizedAccount(address,bytes32)",
            stranger,
            Selectors.word("roles", "PROPOSER_ROLE")),
        () -> chain.send(stranger, timelock, scheduled(Calldata.of("acceptOwnership()"), DELAY)));
  }

  @Test
  void keepsTheTimelockWithoutAnAdmin() {
    for (Address each : List.of(owner, stranger)) {
      assertThat(kms.read(timelock, "hasRole(bytes32,address)", Word.ZERO, each).flag(0)).isFalse();
    }
    assertThat(kms.read(timelock, "hasRole(bytes32,address)", Word.ZERO, timelock).flag(0))
        .isTrue();
    assertThat(kms.read(timelock, "getMinDelay()").number(0)).isEqualTo(DELAY);
  }

  private void schedule(Bytes call, long delay) {
    chain.send(owner, timelock, scheduled(call, delay));
  }

  private Bytes scheduled(Bytes call, long delay) {
    return Calldata.of(SCHEDULE, kms.kms(), 0, call, Word.ZERO, SALT, delay);
  }

  private Receipt execute(Bytes call) {
    return kms.send(stranger, timelock, EXECUTE, kms.kms(), 0, call, Word.ZERO, SALT);
  }

  private Bytes notReady(Bytes call) {
    String hash = "hashOperation(address,uint256,bytes,bytes32,bytes32)";
    Word id = kms.read(timelock, hash, kms.kms(), 0, call, Word.ZERO, SALT).word(0);
    return Selectors.error(
        "TimelockUnexpectedOperationState(bytes32,bytes32)", id, StorageSlots.number(4));
  }

  private void assertOwner(Address contract, Address expected, Address pending) {
    assertThat(kms.read(contract, "owner()").address(0)).isEqualTo(expected);
    assertThat(kms.read(contract, "pendingOwner()").address(0)).isEqualTo(pending);
    assertThat(chain.slot(contract, OWNER_SLOT)).isEqualTo(expected.word());
    assertThat(chain.slot(contract, PENDING_SLOT)).isEqualTo(pending.word());
  }
}
