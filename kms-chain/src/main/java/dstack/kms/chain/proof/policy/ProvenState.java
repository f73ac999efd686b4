package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.header.HeaderRefusal;
import dstack.kms.chain.proof.header.VerifiedHeader;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.chain.proof.state.UnverifiedAccount;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcAnswers;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The accounts of one decision at one block. What is wanted is asked for in one exchange when the
 * first account is needed, the header with it if it is not known yet; an account that nobody
 * thought of costs another exchange. Of one decision and one thread.
 */
final class ProvenState {
  private final RpcClient client;
  private final Deadline deadline;
  private final KnownHeaders headers;
  private final BlockHeader block;
  private final Map<Address, Set<Word>> wanted = new LinkedHashMap<>();
  private final Map<Address, ProvenAccount> proven = new LinkedHashMap<>();

  /**
   * @param client the endpoint that is asked
   * @param block of which the hash is trusted, and nothing else
   */
  ProvenState(RpcClient client, Deadline deadline, KnownHeaders headers, BlockHeader block) {
    this.client = client;
    this.deadline = deadline;
    this.headers = headers;
    this.block = block;
  }

  /** Will need these words of that account. */
  void want(Address account, List<Word> keys) {
    wanted.computeIfAbsent(account, _ -> new LinkedHashSet<>()).addAll(keys);
  }

  /** The account, with the words that were wanted of it. */
  ProvenAccount account(Address address) {
    if (!proven.containsKey(address)) {
      want(address, List.of());
      prove();
    }
    return Objects.requireNonNull(proven.get(address), "proved just now");
  }

  private void prove() {
    Map<Address, RpcQuery<UnverifiedAccount>> proofs = new LinkedHashMap<>();
    wanted.forEach((account, keys) -> proofs.put(account, proof(account, keys)));
    List<RpcQuery<?>> queries = new ArrayList<>(proofs.values());
    // Taken once: another thread's decision may drop it from what is remembered meanwhile.
    Optional<VerifiedHeader> remembered = headers.find(block.hash());
    Optional<RpcQuery<JsonNode>> asked =
        remembered.isPresent() ? Optional.empty() : Optional.of(header());
    asked.ifPresent(queries::add);
    RpcAnswers answers = client.exchange(queries, deadline);
    VerifiedHeader header =
        asked
            .map(query -> headers.verified(block.hash(), answers.value(query)))
            .or(() -> remembered)
            .orElseThrow();
    requireSaidOfIt(header);
    proofs.forEach((account, query) -> keep(header, account, answers.value(query)));
    wanted.clear();
  }

  /** Height and time decided that the block is the newest, before anything about it was proved. */
  private void requireSaidOfIt(VerifiedHeader header) {
    if (header.number() != block.number() || !header.time().equals(block.timestamp())) {
      throw new RefusalException(
          HeaderRefusal.OTHER_PLACE,
          "endpoints said that block "
              + block.hash()
              + " has height "
              + block.number()
              + " and time "
              + block.timestamp()
              + ", its header says "
              + header.number()
              + " and "
              + header.time());
    }
  }

  private void keep(VerifiedHeader header, Address account, UnverifiedAccount answer) {
    List<Word> keys = List.copyOf(wanted.getOrDefault(account, Set.of()));
    proven.put(account, ProvenAccount.verify(header, account, keys, answer));
  }

  private RpcQuery<JsonNode> header() {
    return new RpcQuery<>(
        "eth_getBlockByHash", List.of(block.hash().text(), false), result -> result);
  }

  /** At the block of that hash and no other: a height may have another block by then. */
  private RpcQuery<UnverifiedAccount> proof(Address account, Set<Word> keys) {
    return Eth.proof(
        account, List.copyOf(keys), new BlockAt.ByHash(block.hash()), UnverifiedAccount::parse);
  }
}
