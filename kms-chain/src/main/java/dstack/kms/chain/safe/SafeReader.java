package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/** What one Safe says about itself at the newest block. */
public final class SafeReader {
  /** The slot of the singleton whose code a Safe's proxy runs. */
  private static final Word SINGLETON = Word.ZERO;

  /** Keccak-256 of {@code guard_manager.guard.address}. */
  private static final Word GUARD =
      Word.parse("4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8");

  /** Keccak-256 of {@code fallback_manager.handler.address}. */
  private static final Word FALLBACK_HANDLER =
      Word.parse("6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5");

  /** What stands before the first module in the Safe's list. */
  private static final Address SENTINEL = Address.ofWord(Word.of(BigInteger.ONE));

  private static final long MODULES_SHOWN = 64;

  private final Endpoint endpoint;
  private final FactReader facts;
  private final Address safe;

  /** Asks the contract at the address; nothing yet. */
  public SafeReader(Endpoint endpoint, Address safe) {
    this.endpoint = endpoint;
    this.safe = safe;
    facts = FactReader.latest(endpoint);
  }

  /** Which contract is asked. */
  public Address address() {
    return safe;
  }

  /**
   * The published version that it runs, known by the code of the proxy and of the singleton behind
   * it. A contract with other code is refused: it could answer anything.
   */
  public SafeVersion requireVersion() {
    Word singleton = slot(SINGLETON);
    SafeVersion version =
        SafeVersion.ofSingleton(codeHash(Address.ofWord(singleton)))
            .orElseThrow(
                () ->
                    contract(
                        "the code behind "
                            + safe
                            + " is none of the published Safes 1.3.0 and 1.4.1"));
    if (!SafeVersion.isProxy(codeHash(safe))) {
      throw contract("the proxy at " + safe + " is none of those that the Safe factories make");
    }
    return version;
  }

  /** The nonce of its next transaction. */
  public BigInteger nonce() {
    return ask(SafeViews.NONCE).number(0);
  }

  /** How many owners decide. */
  public int threshold() {
    BigInteger threshold = ask(SafeViews.THRESHOLD).number(0);
    if (threshold.signum() == 0 || threshold.bitLength() > 16) {
      throw contract("the Safe at " + safe + " was never set up: its threshold is " + threshold);
    }
    return threshold.intValueExact();
  }

  /** Who decides. */
  public List<Address> owners() {
    Arguments owners = ask(SafeViews.OWNERS).items(0);
    return owners.values().stream().map(each -> ((AbiValue.Account) each).value()).toList();
  }

  /** What can act for it without its owners; the first 64 of them. */
  public List<Address> modules() {
    AbiValue page =
        facts.read(
            new Fact.Answer(
                safe,
                SafeViews.MODULES,
                List.of(AbiValue.of(SENTINEL), AbiValue.of(MODULES_SHOWN))));
    Arguments modules = new Arguments(((AbiValue.Items) page).values()).items(0);
    return modules.values().stream().map(each -> ((AbiValue.Account) each).value()).toList();
  }

  /** What can refuse each of its transactions; zero if nothing. */
  public Address guard() {
    return Address.ofWord(slot(GUARD));
  }

  /**
   * Refuses a Safe for which other modules can act, or which another guard can stop, than these.
   *
   * @param guard zero for none
   */
  public void requireOnly(Set<Address> modules, Address guard) {
    List<Address> acting = modules();
    if (acting.size() >= MODULES_SHOWN || !Set.copyOf(acting).equals(modules)) {
      throw contract(
          "modules act for the Safe at "
              + safe
              + " without its owners: expected "
              + modules
              + ", found "
              + acting
              + ": remove them, or name each one that may");
    }
    if (!guard().equals(guard)) {
      throw contract(
          "the guard of the Safe at "
              + safe
              + " can stop every transaction of its owners: expected "
              + guard
              + ", found "
              + guard()
              + ": remove it, or name it");
    }
  }

  /** What answers for it what it does not itself; zero if nothing. */
  public Address fallbackHandler() {
    return Address.ofWord(slot(FALLBACK_HANDLER));
  }

  /** Refuses if the contract gives the transaction another hash than we do. */
  public void requireSameHash(SafeTransaction transaction, SafeDomain domain) {
    Word ours = transaction.hash(domain);
    Word answer = ask(SafeViews.TRANSACTION_HASH, transaction.arguments()).word(0);
    Word separator = ask(SafeViews.DOMAIN).word(0);
    if (!answer.equals(ours) || !separator.equals(domain.separator())) {
      throw new RefusalException(
          SafeRefusal.HASH,
          "the Safe says that the transaction's hash is "
              + answer
              + ", and it is "
              + ours
              + ": the contract or the endpoint is not what it seems");
    }
  }

  /** Whether the owner approved the hash on chain. */
  public boolean hasApproved(Address owner, Word hash) {
    return ask(SafeViews.APPROVED, AbiValue.of(owner), AbiValue.of(hash)).number(0).signum() != 0;
  }

  private Word slot(Word slot) {
    return endpoint.storage(safe, slot, BlockAt.latest());
  }

  private Word codeHash(Address contract) {
    return new Word(Keccak.keccak256(endpoint.code(contract)));
  }

  private Arguments ask(View view, AbiValue... arguments) {
    AbiValue answer = facts.read(new Fact.Answer(safe, view, List.of(arguments)));
    return new Arguments(List.of(answer));
  }

  private static RefusalException contract(String text) {
    return new RefusalException(SafeRefusal.CONTRACT, text);
  }
}
