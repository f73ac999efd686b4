package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WordText;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes one of the allow-lists of the KMS contract. */
@Command
public final class PolicyListCommand implements Callable<Integer> {
  private final PolicyList list;

  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Parameters(
      index = "0",
      paramLabel = "add|remove",
      converter = AddOrRemove.Text.class,
      description = "Which way the list changes.")
  private AddOrRemove direction;

  @Parameters(index = "1", paramLabel = "HASH", converter = WordText.class)
  private Word hash;

  private PolicyListCommand(
      PolicyList list, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    this.list = list;
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  /** The command of that list, which sees these variables and asks at this terminal. */
  public static CommandLine of(
      PolicyList list, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    return NamedCommand.of(
        new PolicyListCommand(list, variables, terminal, random),
        list.word(),
        list.purpose(),
        list.entry());
  }

  @Override
  public Integer call() {
    KmsTasks tasks = new KmsTasks(kms.address(spec));
    return new TaskRun(spec, change).run(list.change(tasks, direction, hash));
  }
}
