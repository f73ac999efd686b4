package dstack.kms.chain.head;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.policy.ReturnData;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcAnswers;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** Whether an endpoint serves the configured chain, and the policy contract lies there. */
final class ContractCheck {
  /** {@code supportsInterface(0x1e079198)}: the interface is {@code isAppAllowed}'s. */
  private static final Bytes SUPPORTS_POLICY =
      Bytes.fromHex("01ffc9a7" + "1e079198" + "00".repeat(28));

  private static final Bytes GATEWAY_APP_ID = Bytes.fromHex("95f51931");
  private static final Bytes APP_IMPLEMENTATION = Bytes.fromHex("25a992da");
  private static final long GAS = 1_000_000;

  private final long chainId;
  private final Address contract;

  ContractCheck(long chainId, Address contract) {
    this.chainId = chainId;
    this.contract = contract;
  }

  /** What the contract says, in one exchange; refuses an endpoint that has another or none. */
  ContractFacts require(RpcClient client, Deadline deadline) {
    RpcQuery<Long> id = Eth.chainId();
    RpcQuery<Bytes> code = Eth.code(contract, BlockAt.latest());
    RpcQuery<Bytes> supports = call(SUPPORTS_POLICY);
    RpcQuery<Bytes> gateway = call(GATEWAY_APP_ID);
    RpcQuery<Bytes> implementation = call(APP_IMPLEMENTATION);
    RpcAnswers answers =
        client.exchange(List.of(id, code, supports, gateway, implementation), deadline);
    requireChain(client, answers.value(id));
    if (answers.value(code).isEmpty()) {
      throw noContract(client, "there is no code at " + contract);
    }
    if (!ReturnData.flag(answers.value(supports))) {
      throw noContract(client, contract + " does not have the interface 0x1e079198");
    }
    return new ContractFacts(
        ReturnData.text(answers.value(gateway)), ReturnData.address(answers.value(implementation)));
  }

  /** Refuses another chain's number. */
  void requireChain(RpcClient client, long found) {
    if (found != chainId) {
      throw new RefusalException(
          HeadRefusal.WRONG_CHAIN,
          client.endpoint() + " serves chain " + found + ", expected " + chainId);
    }
  }

  private RpcQuery<Bytes> call(Bytes data) {
    return Eth.call(Call.of(contract, data), GAS, BlockAt.latest());
  }

  private static RefusalException noContract(RpcClient client, String why) {
    return new RefusalException(
        HeadRefusal.NO_CONTRACT,
        client.endpoint()
            + " knows no policy contract: "
            + why
            + "; check core.auth_api.chain.contract and chain_id, or wait until the endpoint has"
            + " caught up");
  }
}
