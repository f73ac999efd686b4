package dstack.kms.cli.doctor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.ChainMode;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What each chain endpoint can do: the right chain, a young head, the contract, and proofs.
 *
 * @param urls the endpoints
 * @param chainId the chain that each must be of
 * @param contract the contract that must be there
 * @param proof whether an endpoint without proofs is a problem
 * @param oldest how old the newest block may be
 */
record ChainCheck(
    List<RpcUrl> urls,
    Optional<Long> chainId,
    Optional<Address> contract,
    boolean proof,
    Duration oldest) {
  private static final String OTHER_PROVIDER = "Use another provider or endpoint for this chain.";

  ChainCheck {
    urls = List.copyOf(urls);
  }

  /** What a server with that authority will ask for. */
  static ChainCheck of(ChainConfig chain) {
    return new ChainCheck(
        chain.endpoints(),
        Optional.of(chain.chainId()),
        Optional.of(new Address(chain.contract())),
        chain.mode() == ChainMode.PROOF,
        chain.freshness().maxHeadAge());
  }

  /** Asks every endpoint; that clock tells how old a block is. */
  List<Finding> look(InstantSource clock) {
    List<Finding> found = new ArrayList<>();
    for (ChainEndpoint endpoint : ChainEndpoint.all(urls)) {
      try (RpcClient client = new RpcClient(endpoint, RpcLimits.DEFAULT)) {
        found.addAll(look(client, "chain " + endpoint.name(), clock.instant()));
      }
    }
    return found;
  }

  private List<Finding> look(RpcClient client, String name, Instant now) {
    List<Finding> found = new ArrayList<>();
    Finding id = asked(name + " id", () -> id(name, client.ask(Eth.chainId())));
    found.add(id);
    if (id.level() != Finding.Level.OK) {
      return found; // nothing else that it says is about the right chain
    }
    found.add(asked(name + " head", () -> head(name, client.ask(Eth.block(BlockTag.LATEST)), now)));
    contract.ifPresent(
        address ->
            found.add(
                asked(
                    name + " contract",
                    () -> code(name, address, client.ask(Eth.code(address, BlockAt.latest()))))));
    found.add(proofs(client, name + " proofs"));
    return found;
  }

  private Finding id(String name, long id) {
    boolean wrong = chainId.filter(wanted -> wanted != id).isPresent();
    return wrong
        ? Finding.problem(
            name + " id",
            "it is chain " + id + ", expected " + chainId.orElseThrow(),
            "Name an endpoint of the chain on which the policy is.")
        : Finding.ok(name + " id", "it is chain " + id);
  }

  private Finding head(String name, Optional<BlockHeader> latest, Instant now) {
    if (latest.isEmpty()) {
      return Finding.problem(name + " head", "it has no block", OTHER_PROVIDER);
    }
    BlockHeader block = latest.get();
    Duration age = Duration.between(block.timestamp(), now);
    String text = "block " + block.number() + " is " + age.toSeconds() + " s old";
    return age.abs().compareTo(oldest) > 0
        ? Finding.problem(
            name + " head",
            text,
            "The endpoint lags, or this machine's clock is wrong; decisions would be made at old"
                + " blocks.")
        : Finding.ok(name + " head", text);
  }

  private static Finding code(String name, Address address, Bytes code) {
    return code.isEmpty()
        ? Finding.problem(
            name + " contract",
            "there is no code at " + address,
            "Check the address and the chain; `kms gov` deploys the contract.")
        : Finding.ok(name + " contract", code.length() + " bytes of code at " + address);
  }

  private Finding proofs(RpcClient client, String name) {
    Address of = contract.orElse(Address.ZERO);
    try {
      client.ask(Eth.proof(of, List.of(Word.ZERO), BlockAt.latest()));
      return Finding.ok(name, "eth_getProof answers");
    } catch (RefusalException e) {
      String text = "eth_getProof does not answer: " + e.text();
      return proof
          ? Finding.problem(name, text, OTHER_PROVIDER)
          : Finding.ok(name, text + "; only the mode proof needs it");
    }
  }

  private static Finding asked(String name, Supplier<Finding> question) {
    try {
      return question.get();
    } catch (RefusalException e) {
      return Findings.of(name, e, OTHER_PROVIDER);
    }
  }
}
