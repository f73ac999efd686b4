package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the app that gateways are. */
@Command(name = "gateway", description = "Names the app that gateways are.")
public final class GatewayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Mixin
  @SuppressWarnings("UnusedVariable") // it only has to be there
  private SetWord set;

  @Parameters(index = "1", paramLabel = "ID", description = "An app id, or the word any.")
  private String id;

  /** A command that sees these variables and asks at this terminal. */
  public GatewayCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(new KmsTasks(kms.address(spec)).setGateway(id));
  }
}
