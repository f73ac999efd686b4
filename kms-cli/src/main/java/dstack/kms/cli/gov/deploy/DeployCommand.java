package dstack.kms.cli.gov.deploy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.operation.Deployer;
import dstack.kms.chain.operation.KmsContracts;
import dstack.kms.chain.operation.KmsDeployment;
import dstack.kms.chain.operation.Retry;
import dstack.kms.chain.proposal.TimelockSetup;
import dstack.kms.chain.safe.KnownSafeCode;
import dstack.kms.chain.safe.SafeAddresses;
import dstack.kms.chain.safe.SafeOutcome;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeSetup;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.gov.proposal.AddressArgument;
import dstack.kms.cli.gov.proposal.ChainOption;
import dstack.kms.cli.gov.proposal.KeyOptions;
import dstack.kms.cli.outcome.ExitStatus;
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
  @Mixin private ChainOption chain;
  @Mixin private final KeyOptions keys;
  @Mixin private SafeOptions safe;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      converter = Model.Argument.class,
      description = "a, b or c.")
  private Model model;

  @Option(
      names = "--owner",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
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
      converter = AddressArgument.class,
      description =
          "Model b: who may schedule and cancel; once for each. In model c it is the Safe.")
  private List<Address> proposers = new ArrayList<>();

  @Option(
      names = "--executor",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description =
          "Models b and c: who may execute; address zero for everybody. By default the proposers.")
  private List<Address> executors = new ArrayList<>();

  @Option(
      names = "--app-implementation",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "The code of apps, if it was deployed already.")
  private @Nullable Address appImplementation;

  /** A command over these variables. */
  public DeployCommand(Map<String, String> variables) {
    keys = new KeyOptions(variables);
  }

  @Override
  public Integer call() {
    chain.ask(endpoint -> keys.send(spec, endpoint, sender -> deploy(endpoint, sender)));
    return ExitStatus.DONE.number();
  }

  private ExitStatus deploy(Endpoint endpoint, Sender sender) {
    Deployer deployer =
        new Deployer(endpoint, sender, new Retry(Patience.USUAL, Pause.REAL), Optional.empty());
    Address governor =
        switch (model) {
          case A -> owner == null ? sender.account() : owner;
          case B -> timelock(endpoint, deployer, proposers);
          case C -> timelock(endpoint, deployer, List.of(safe(endpoint, sender)));
        };
    KmsDeployment.Result result =
        new KmsDeployment(
                KmsContracts.own(),
                governor,
                Optional.ofNullable(appImplementation),
                Optional.empty())
            .run(endpoint, deployer, step -> say(step.name(), step.contract().address()));
    say("kms", result.kms());
    return ExitStatus.DONE;
  }

  private Address timelock(Endpoint endpoint, Deployer deployer, List<Address> who) {
    if (minDelay == null || who.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "models b and c need --min-delay, and model b --proposer");
    }
    TimelockSetup setup = new TimelockSetup(minDelay, who, executors.isEmpty() ? who : executors);
    Address timelock = deployer.deploy(setup.deployment()).address();
    setup.requireAt(endpoint, timelock, deployer.account());
    say("timelock", timelock);
    return timelock;
  }

  private Address safe(Endpoint endpoint, Sender sender) {
    Optional<Address> existing = safe.existing(spec);
    if (existing.isPresent()) {
      new SafeReader(endpoint, existing.get()).requireVersion();
      return existing.get();
    }
    SafeVersion version = safe.version(spec);
    SafeAddresses contracts = safe.addresses(version);
    KnownSafeCode.require(endpoint, version, contracts);
    SafeSetup setup = safe.setup();
    Receipt receipt = sender.send(Request.of(setup.create(contracts, safe.salt())));
    Address made = SafeOutcome.created(receipt, contracts.factory());
    setup.requireAt(new SafeReader(endpoint, made));
    say("safe", made);
    return made;
  }

  private void say(String what, Address where) {
    spec.commandLine().getOut().println(what + ": " + where);
  }
}
