package dstack.kms.cli.gov.deploy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.operation.DeployedContract;
import dstack.kms.chain.operation.KmsContracts;
import dstack.kms.chain.operation.KmsDeployment;
import dstack.kms.chain.proposal.TimelockSetup;
import dstack.kms.chain.safe.KnownSafeCode;
import dstack.kms.chain.safe.SafeAddresses;
import dstack.kms.chain.safe.SafeOutcome;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeSetup;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.cli.gov.contract.DeploymentRun;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WriteOptions;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Deploys a KMS under one of the three models of governance. */
@Command(
    name = "deploy",
    description = {
      "Deploys a KMS contract and those who govern it.",
      "Model a: an account owns it. b: a timelock owns it. c: a Safe proposes at a timelock that"
          + " owns it. The timelock has no admin but itself."
    })
public final class DeployCommand implements Callable<Integer> {
  /** Who owns the contract. */
  private enum Model {
    A,
    B,
    C;

    private static Model of(String letter) {
      return switch (letter) {
        case "a" -> A;
        case "b" -> B;
        case "c" -> C;
        default -> throw new TypeConversionException("expected a, b or c");
      };
    }

    /** Reads the letter. */
    static final class Argument implements ITypeConverter<Model> {
      @Override
      public Model convert(String letter) {
        return of(letter);
      }
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private final WriteOptions write;
  @Mixin private SafeOptions safe;

  @Option(
      names = "--model",
      paramLabel = "M",
      defaultValue = "a",
      converter = Model.Argument.class,
      description = "a, b or c; by default ${DEFAULT-VALUE}.")
  private Model model;

  @Option(
      names = "--owner",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Model a: the owner; by default who deploys.")
  private @Nullable Address owner;

  @Option(
      names = "--min-delay",
      paramLabel = "SECONDS",
      description = "Models b and c: the least delay; 24 to 72 hours for production.")
  private @Nullable BigInteger minDelay;

  @Option(
      names = "--proposer",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "Model b: who may schedule and cancel; once for each. In model c it is the Safe.")
  private List<Address> proposers = new ArrayList<>();

  @Option(
      names = "--executor",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "Models b and c: who may execute; address zero for everybody. By default the proposers.")
  private List<Address> executors = new ArrayList<>();

  @Option(
      names = "--app-implementation",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The code of apps, if it was deployed already.")
  private @Nullable Address appImplementation;

  @Option(
      names = "--kms-implementation",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The code of the KMS contract, if it was deployed already.")
  private @Nullable Address kmsImplementation;

  @Mixin private ArtifactOptions artifacts;

  /** A command over these variables that asks at this terminal. */
  public DeployCommand(Map<String, String> variables, Terminal terminal) {
    write = new WriteOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    KmsContracts contracts = artifacts.contracts();
    return new DeploymentRun(spec, write)
        .run(parts(contracts), (endpoint, run) -> deploy(endpoint, contracts, run));
  }

  private List<DeploymentRun.Part> parts(KmsContracts contracts) {
    List<DeploymentRun.Part> parts = new ArrayList<>();
    if (appImplementation == null) {
      parts.add(new DeploymentRun.Part("app implementation", contracts.appImplementation()));
    }
    if (kmsImplementation == null) {
      parts.add(new DeploymentRun.Part("kms implementation", contracts.kmsImplementation()));
    }
    return parts;
  }

  private void deploy(Endpoint endpoint, KmsContracts contracts, DeploymentRun.Progress run) {
    Address governor =
        switch (model) {
          case A -> owner == null ? run.sender().account() : owner;
          case B -> timelock(endpoint, run, proposers);
          case C -> timelock(endpoint, run, List.of(safe(endpoint, run)));
        };
    KmsDeployment.Result result =
        new KmsDeployment(
                contracts,
                governor,
                Optional.ofNullable(appImplementation),
                Optional.ofNullable(kmsImplementation))
            .run(
                endpoint,
                run.deployer(),
                step -> run.answer().deployed(step.name(), step.contract()));
    run.answer().result("OWNER", governor);
    run.answer().result("APP_IMPLEMENTATION", result.appImplementation());
    run.answer().result("KMS_IMPLEMENTATION", result.kmsImplementation());
    run.answer().result("KMS_CONTRACT_ADDR", result.kms());
    run.answer().say("kms", result.kms());
  }

  private Address timelock(Endpoint endpoint, DeploymentRun.Progress run, List<Address> who) {
    if (minDelay == null || who.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "models b and c need --min-delay, and model b --proposer");
    }
    TimelockSetup setup = new TimelockSetup(minDelay, who, executors.isEmpty() ? who : executors);
    DeployedContract timelock = run.deployer().deploy(setup.deployment());
    setup.requireAt(endpoint, timelock.address(), run.sender().account());
    run.answer().deployed("timelock", timelock);
    run.answer().say("timelock", timelock.address());
    return timelock.address();
  }

  private Address safe(Endpoint endpoint, DeploymentRun.Progress run) {
    Optional<Address> existing = safe.existing(spec);
    if (existing.isPresent()) {
      safe.requireKnown(new SafeReader(endpoint, existing.get()));
      return existing.get();
    }
    SafeVersion version = safe.version(spec);
    SafeAddresses contracts = safe.addresses(version);
    KnownSafeCode.require(endpoint, version, contracts);
    SafeSetup setup = safe.setup();
    Receipt receipt = run.sender().send(Request.of(setup.create(contracts, safe.salt())));
    Address made = SafeOutcome.created(receipt, contracts.factory());
    setup.requireAt(new SafeReader(endpoint, made));
    run.answer().say("safe", made);
    return made;
  }
}
