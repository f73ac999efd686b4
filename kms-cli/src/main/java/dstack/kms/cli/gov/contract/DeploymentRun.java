package dstack.kms.cli.gov.contract;

import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.operation.Deployer;
import dstack.kms.chain.operation.Retry;
import dstack.kms.chain.transaction.Estimate;
import dstack.kms.chain.transaction.Ether;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.gov.option.Actor;
import dstack.kms.cli.gov.option.GovRefusal;
import dstack.kms.cli.gov.option.WriteOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;

/** Shows what a deployment costs, asks, and carries it out. */
public final class DeploymentRun {
  /**
   * A contract that can be simulated before anything is sent.
   *
   * @param data creation code and arguments
   */
  public record Part(String name, Bytes data) {}

  /** What the steps of a deployment work with. */
  public record Progress(Sender sender, Deployer deployer, DeploymentAnswer answer) {}

  private final CommandSpec spec;
  private final WriteOptions options;

  /** Over the options of a command. */
  public DeploymentRun(CommandSpec spec, WriteOptions options) {
    this.spec = spec;
    this.options = options;
  }

  /** The exit status; the steps are taken once somebody agreed. */
  public int run(List<Part> parts, BiConsumer<Endpoint, Progress> steps) {
    return options.run(
        spec,
        (endpoint, actor) -> {
          PrintWriter people = options.people(spec);
          show(endpoint, actor, parts, people);
          DeploymentAnswer answer = new DeploymentAnswer(people);
          if (options.sending().isDryRun()) {
            people.println("Dry run: nothing was sent.");
          } else {
            Sender sender = actor.sender().orElseThrow();
            answer.agreedTo(
                options
                    .sending()
                    .requireConsent(
                        spec, "Do you want to proceed with deployment", sender, List.of()));
            Retry retry = new Retry(options.sending().patience(spec), Pause.REAL);
            Deployer deployer =
                new Deployer(endpoint, sender, retry, options.sending().resumption(spec));
            steps.accept(endpoint, new Progress(sender, deployer, answer));
          }
          if (options.isJson()) {
            Map<String, Object> json = answer.json(endpoint.chainId());
            spec.commandLine().getOut().println(JsonText.of(json));
          }
          return ExitStatus.DONE.number();
        });
  }

  private static void show(Endpoint endpoint, Actor actor, List<Part> parts, PrintWriter people) {
    people.println("Deploying with account: " + actor.account());
    people.println("Account balance: " + Ether.text(endpoint.balance(actor.account())));
    people.println("Chain: " + endpoint.chainId());
    for (Part part : parts) {
      simulate(endpoint, actor, part);
      Estimate estimate = Estimate.ofDeployment(endpoint, actor.account(), part.data());
      people.println(
          "To be deployed: "
              + part.name()
              + ", "
              + part.data().length()
              + " bytes, about "
              + estimate.gas()
              + " gas, at most "
              + Ether.text(estimate.most()));
    }
    people.flush();
  }

  private static void simulate(Endpoint endpoint, Actor actor, Part part) {
    if (endpoint.deploy(actor.account(), part.data()) instanceof CallOutcome.Reverted(var revert)) {
      throw new RefusalException(
          GovRefusal.STATE, "the " + part.name() + " cannot be deployed: " + revert.words());
    }
  }
}
