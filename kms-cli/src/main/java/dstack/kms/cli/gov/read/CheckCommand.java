package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.task.ContractKind;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the contracts about a boot info as a server would. */
@Command(
    name = "check",
    description = {
      "Asks the contracts whether a key server or an app with this boot info is allowed, and why",
      "not. Ends with 0 or 1 accordingly."
    })
public final class CheckCommand implements Callable<Integer> {
  private static final String TUPLE =
      "(address appId, bytes32 composeHash, address instanceId, bytes32 deviceId, bytes32"
          + " mrAggregated, bytes32 mrSystem, bytes32 osImageHash, string tcbStatus, string[]"
          + " advisoryIds) bootInfo";
  private static final View IS_KMS_ALLOWED =
      View.of("isKmsAllowed(" + TUPLE + ")", "(bool isAllowed, string reason)");
  private static final View IS_APP_ALLOWED =
      View.of("isAppAllowed(" + TUPLE + ")", "(bool isAllowed, string reason)");

  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private final KmsOption kms;

  @Parameters(
      index = "0",
      paramLabel = "kms|app",
      converter = ContractKind.Text.class,
      description = "Whom the boot info is of.")
  private ContractKind kind;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The boot info as a webhook gets it.")
  private InputFile file;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that sees these variables. */
  public CheckCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    Address contract = kms.address(spec);
    AbiValue boot = BootInfoFile.read(file);
    return chain.connect(spec, endpoint -> answer(decision(endpoint, contract, boot)));
  }

  private record Verdict(boolean allowed, String reason) {}

  private Verdict decision(Endpoint endpoint, Address contract, AbiValue boot) {
    View view = kind == ContractKind.KMS ? IS_KMS_ALLOWED : IS_APP_ALLOWED;
    Call call = Call.of(contract, view.encode(boot));
    return switch (endpoint.call(Optional.empty(), call, BlockAt.latest())) {
      case CallOutcome.Reverted(var revert) -> new Verdict(false, revert.words());
      case CallOutcome.Returned(var data) when data.isEmpty() ->
          new Verdict(false, "there is no contract at " + contract);
      case CallOutcome.Returned(var data) -> {
        Arguments values = new Arguments(view.decode(data));
        yield new Verdict(values.flag(0), values.text(1));
      }
    };
  }

  private int answer(Verdict verdict) {
    String reason = verdict.reason().replaceAll("[^\\x20-\\x7e]", "?");
    if (json) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("allowed", verdict.allowed());
      answer.put("reason", reason);
      spec.commandLine().getOut().println(JsonText.of(answer));
    } else {
      spec.commandLine().getOut().println(verdict.allowed() ? "allowed" : "not allowed: " + reason);
    }
    return (verdict.allowed() ? ExitStatus.DONE : ExitStatus.REFUSED).number();
  }
}
