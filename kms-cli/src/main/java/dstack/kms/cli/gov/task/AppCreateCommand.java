package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactoryForm;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.NewApp;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Task;
import dstack.kms.chain.operation.CreatedApp;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.PolicyHashText;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates an app by the factory of the KMS contract, in one transaction. */
@Command(name = "create", description = "Creates and registers an app; prints its id. Anybody may.")
public final class AppCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Option(
      names = "--owner",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "Who may change the app; by default the account, timelock or Safe that creates it.")
  private @Nullable Address owner;

  @Option(names = "--allow-any-device", description = "The app runs on every device.")
  private boolean anyDevice;

  @Option(names = "--require-tcb-up-to-date", description = "It runs on up-to-date platforms only.")
  private boolean requireTcb;

  @Option(names = "--disable-upgrades", description = "Its code is final from the start.")
  private boolean disableUpgrades;

  @Option(
      names = "--device",
      paramLabel = "HASH",
      converter = PolicyHashText.class,
      description = "The first device that it runs on.")
  private @Nullable PolicyHash device;

  @Option(
      names = "--hash",
      paramLabel = "HASH",
      converter = PolicyHashText.class,
      description = "The first compose hash that it runs with.")
  private @Nullable PolicyHash hash;

  /** A command that sees these variables and asks at this terminal. */
  public AppCreateCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    Address contract = kms.address(spec);
    return new TaskRun(spec, change)
        .run(
            (endpoint, account) -> task(endpoint, contract, account),
            (_, done) ->
                List.of(
                    new TaskAnswer.Named(
                        "APP_ID",
                        CreatedApp.in(done.receipts().getFirst(), contract).checksummed())));
  }

  private Task task(Endpoint endpoint, Address contract, Address account) {
    NewApp app =
        new NewApp(
            owner == null ? account : owner,
            disableUpgrades,
            requireTcb,
            anyDevice,
            Optional.ofNullable(device),
            Optional.ofNullable(hash));
    FactoryForm form = FactoryForm.of(endpoint, contract, account, app);
    return new KmsTasks(contract).createApp(app, form);
  }
}
