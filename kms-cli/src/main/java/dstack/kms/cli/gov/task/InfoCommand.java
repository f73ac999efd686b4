package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.input.InputFile;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows public keys, quote and event log of the key server on chain. */
@Command(
    name = "info",
    description = "Shows public keys, quote and event log of the key server on chain.")
public final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Mixin
  @SuppressWarnings("UnusedVariable") // it only has to be there
  private SetWord set;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = {
        "JSON with k256Pubkey, caPubkey, quote and eventlog, or the bootstrap-info.json of a",
        "server."
      })
  private InputFile file;

  /** A command that sees these variables and asks at this terminal. */
  public InfoCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change)
        .run(new KmsTasks(kms.address(spec)).setInfo(KmsInfoFile.read(file)));
  }
}
