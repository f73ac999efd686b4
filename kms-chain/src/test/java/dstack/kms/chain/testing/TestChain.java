package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Anvil;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A running anvil and the few requests that tests make. Its ten accounts are unlocked, so a
 * transaction needs no key. What reverts is thrown as {@link Reverted} and never sent.
 */
public final class TestChain implements AutoCloseable {
  private static final String GAS = "0x989680"; // ten million
  private static final long MINED_WITHIN = TimeUnit.MINUTES.toNanos(1); // well under a millisecond

  private final Anvil anvil;
  private final TestRpc rpc;
  private final List<Address> accounts;

  private TestChain(Anvil anvil) {
    this.anvil = anvil;
    this.rpc = new TestRpc(anvil.url());
    List<Address> found = new ArrayList<>();
    rpc.call("eth_accounts").forEach(each -> found.add(Address.parse(each.asString())));
    this.accounts = List.copyOf(found);
  }

  /** Starts an anvil with these options. */
  public static TestChain start(String... options) {
    return new TestChain(Anvil.start(options));
  }

  /** Where it answers. */
  public URI url() {
    return anvil.url();
  }

  /** Any JSON-RPC request. */
  public JsonNode rpc(String method, Object... parameters) {
    return rpc.call(method, parameters);
  }

  /** One of the ten unlocked accounts; by custom 0 owns the KMS. */
  public Address account(int index) {
    return accounts.get(index);
  }

  /** Sends a deployment; returns where the contract is. */
  public Address deploy(Address from, Bytes deployment) {
    return deployment(from, deployment).contract().orElseThrow();
  }

  /** Sends a deployment; returns its receipt. */
  public Receipt deployment(Address from, Bytes deployment) {
    return transact(transaction(from, null, deployment, BigInteger.ZERO));
  }

  /** Sends a call and waits for its receipt. */
  public Receipt send(Address from, Address to, Bytes data) {
    return send(from, to, data, BigInteger.ZERO);
  }

  /** Sends a call with money and waits for its receipt. */
  public Receipt send(Address from, Address to, Bytes data, BigInteger wei) {
    return transact(transaction(from, to, data, wei));
  }

  /** Asks without sending, as nobody. */
  public Bytes call(Address to, Bytes data) {
    return call(Address.ZERO, to, data);
  }

  /** Asks without sending. */
  public Bytes call(Address from, Address to, Bytes data) {
    return bytes(rpc.call("eth_call", transaction(from, to, data, BigInteger.ZERO), "latest"));
  }

  /** The storage word there. */
  public Word slot(Address contract, Word position) {
    return Word.parse(
        rpc.call("eth_getStorageAt", contract.lowerCase(), position.text(), "latest").asString());
  }

  /** The storage word at a small position. */
  public Word slot(Address contract, long position) {
    return slot(contract, Word.of(BigInteger.valueOf(position)));
  }

  /** The code there; empty if there is none. */
  public Bytes code(Address account) {
    return bytes(rpc.call("eth_getCode", account.lowerCase(), "latest"));
  }

  /** Lets the chain's clock go on and makes a block. */
  public void pass(long seconds) {
    rpc.call("evm_increaseTime", seconds);
    rpc.call("evm_mine");
  }

  /** Remembers the state; give what it returns to {@link #restore}. */
  public String snapshot() {
    return rpc.call("evm_snapshot").asString();
  }

  /** Goes back to a remembered state, which is forgotten by that. */
  public void restore(String snapshot) {
    if (!rpc.call("evm_revert", snapshot).asBoolean()) {
      throw new AssertionError("no such snapshot: " + snapshot);
    }
  }

  private static Map<String, Object> transaction(
      Address from, @org.jspecify.annotations.Nullable Address to, Bytes data, BigInteger wei) {
    Map<String, Object> transaction = new HashMap<>();
    transaction.put("from", from.lowerCase());
    if (to != null) {
      transaction.put("to", to.lowerCase());
    }
    transaction.put("data", "0x" + data.hex());
    transaction.put("value", "0x" + wei.toString(16));
    transaction.put("gas", GAS);
    return transaction;
  }

  private Receipt transact(Map<String, Object> transaction) {
    rpc.call("eth_call", transaction, "latest"); // throws with the revert's data
    String hash = rpc.call("eth_sendTransaction", transaction).asString();
    long deadline = System.nanoTime() + MINED_WITHIN;
    while (System.nanoTime() < deadline) {
      JsonNode receipt = rpc.call("eth_getTransactionReceipt", hash);
      if (!receipt.isNull()) {
        return Receipt.of(receipt);
      }
    }
    throw new AssertionError("no receipt of " + hash);
  }

  static Bytes bytes(JsonNode text) {
    return Bytes.fromHex(text.asString().substring(2));
  }

  @Override
  public void close() {
    rpc.close();
    anvil.close();
  }
}
