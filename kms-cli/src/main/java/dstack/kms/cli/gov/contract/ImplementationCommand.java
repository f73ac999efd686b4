package dstack.kms.cli.gov.contract;

import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.operation.DeployedContract;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WriteOptions;
import dstack.kms.cli.gov.task.ContractKind;
import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deploys a bare implementation, which proxies can be upgraded to. */
@Command(
    name = "deploy",
    description = "Deploys an implementation and prints its address; nothing uses it yet.")
public final class ImplementationCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final WriteOptions write;

  @Parameters(
      paramLabel = "kms|app",
      converter = ContractKind.Text.class,
      description = "Which contract.")
  private ContractKind kind;

  @Option(
      names = "--artifact",
      paramLabel = "FILE",
      description = "Another compiler's output, of Foundry or Hardhat, instead of our own.")
  private @Nullable Path artifact;

  /** A command that sees these variables and asks at this terminal. */
  public ImplementationCommand(Map<String, String> variables, Terminal terminal) {
    write = new WriteOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    ContractArtifact code =
        artifact == null ? ContractArtifact.of(kind.contract()) : ContractArtifact.read(artifact);
    Bytes deployment = code.deployment(Bytes.EMPTY);
    DeploymentRun run = new DeploymentRun(spec, write);
    String name = kind.name().toLowerCase(Locale.ROOT) + " implementation";
    return run.run(
        List.of(new DeploymentRun.Part(name, deployment)),
        (_, progress) -> {
          DeployedContract contract = progress.deployer().deploy(deployment);
          progress.answer().deployed(name, contract);
          progress.answer().result(kind.name() + "_IMPLEMENTATION", contract.address());
        });
  }
}
