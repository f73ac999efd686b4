package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Task;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WordText;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Allows key servers on a device, or no longer. */
@Command(name = "device", description = "Allows key servers on a device, or no longer.")
public final class DeviceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Parameters(
      index = "0",
      paramLabel = "add|remove",
      converter = AddOrRemove.Text.class,
      description = "Which way the list changes.")
  private AddOrRemove direction;

  @Parameters(
      index = "1",
      paramLabel = "HASH",
      converter = WordText.class,
      description = "The device id, 32 bytes.")
  private Word hash;

  /** A command that sees these variables and asks at this terminal. */
  public DeviceCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    KmsTasks tasks = new KmsTasks(kms.address(spec));
    Task task =
        switch (direction) {
          case ADD -> tasks.addDevice(new PolicyHash(hash));
          case REMOVE -> tasks.removeDevice(hash);
        };
    return new TaskRun(spec, change).run(task);
  }
}
