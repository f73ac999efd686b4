package dstack.kms.chain.authority;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.ReturnData;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcAnswer;
import dstack.kms.chain.rpc.RpcAnswers;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.BlockPin;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks one endpoint what the contract says at a view's blocks, in one exchange (41 P4). */
final class ContractReader {
  private static final Bytes GATEWAY_APP_ID = Bytes.fromHex("95f51931");

  private final Address contract;
  private final long gas;
  private final BlockPin pin;

  ContractReader(ChainConfig config) {
    contract = new Address(config.contract());
    gas = config.exchange().gas();
    pin = config.pin();
  }

  PolicyFinding read(RpcClient client, PolicyQuestion question, ChainView view, Deadline deadline) {
    Exchange exchange = new Exchange(view);
    RpcQuery<Bytes> decision = exchange.call(question.calldata(), view.chosen());
    RpcQuery<Bytes> gateway = exchange.call(GATEWAY_APP_ID, view.chosen());
    RpcQuery<Bytes> newest =
        view.isAtHead() ? decision : exchange.call(question.calldata(), view.head());
    RpcAnswers answers = client.exchange(exchange.all(), deadline);
    exchange.requireBlocks(answers, client);
    Verdict chosen = ReturnData.verdict(returned(answers, decision, client));
    String gatewayAppId = ReturnData.text(returned(answers, gateway, client));
    Verdict last = ReturnData.verdict(returned(answers, newest, client));
    return new PolicyFinding(new PolicyAnswer(chosen, gatewayAppId), last);
  }

  private static Bytes returned(RpcAnswers answers, RpcQuery<Bytes> query, RpcClient client) {
    if (answers.of(query) instanceof RpcAnswer.Failure<Bytes>(RpcError error)) {
      if (error.isRevert()) {
        throw new RefusalException(
            DecisionRefusal.REVERTED,
            "the contract, or the app's, reverted at "
                + client.endpoint()
                + ": "
                + error.message());
      }
      if (!error.isSilence()) {
        throw new RefusalException(
            DecisionRefusal.FAILED, "the call failed at " + client.endpoint() + ": " + error);
      }
    }
    return answers.value(query);
  }

  /** The questions of one exchange, and what ties them to the view's blocks. */
  private final class Exchange {
    private final List<RpcQuery<?>> queries = new ArrayList<>();
    private final Map<BlockHeader, RpcQuery<Optional<BlockHeader>>> before;
    private final Map<BlockHeader, RpcQuery<Optional<BlockHeader>>> after;

    Exchange(ChainView view) {
      before = headers(view);
      after = headers(view);
    }

    /** Asked before and after the calls: another block may come to the height between them. */
    private Map<BlockHeader, RpcQuery<Optional<BlockHeader>>> headers(ChainView view) {
      Map<BlockHeader, RpcQuery<Optional<BlockHeader>>> headers = new LinkedHashMap<>();
      if (pin == BlockPin.NUMBER) {
        headers.put(view.chosen(), Eth.block(view.chosen().number()));
        headers.computeIfAbsent(view.head(), head -> Eth.block(head.number()));
      }
      return headers;
    }

    RpcQuery<Bytes> call(Bytes data, BlockHeader block) {
      BlockAt at =
          switch (pin) {
            case HASH -> new BlockAt.ByHash(block.hash());
            case NUMBER -> new BlockAt.ByNumber(block.number());
          };
      RpcQuery<Bytes> query = Eth.call(Call.of(contract, data), gas, at);
      queries.add(query);
      return query;
    }

    List<RpcQuery<?>> all() {
      List<RpcQuery<?>> all = new ArrayList<>(before.values());
      all.addAll(queries);
      all.addAll(after.values());
      return all;
    }

    void requireBlocks(RpcAnswers answers, RpcClient client) {
      requireBlocks(before, answers, client);
      requireBlocks(after, answers, client);
    }

    private static void requireBlocks(
        Map<BlockHeader, RpcQuery<Optional<BlockHeader>>> headers,
        RpcAnswers answers,
        RpcClient client) {
      headers.forEach(
          (expected, query) -> {
            if (!answers.value(query).equals(Optional.of(expected))) {
              throw new RefusalException(
                  DecisionRefusal.NO_ANSWER,
                  client.endpoint() + " has another block at height " + expected.number());
            }
          });
    }
  }
}
