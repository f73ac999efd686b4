package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.governance.Task;
import dstack.kms.chain.operation.DirectExecution;
import dstack.kms.chain.operation.DoneTask;
import dstack.kms.chain.operation.Retry;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.gov.option.SendOptions;
import dstack.kms.cli.gov.option.WriteOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Carries out what a command is to change: shows the calls in words, the state before and after,
 * asks, sends, and reads back; or proposes it, where a model of governance is named. What is as
 * wanted already is not sent.
 */
final class TaskRun {
  private final CommandSpec spec;
  private final ChangeOptions change;
  private final WriteOptions options;

  /** Over the options of a command. */
  TaskRun(CommandSpec spec, ChangeOptions change) {
    this.spec = spec;
    this.change = change;
    options = change.write();
  }

  /** The exit status of a change that does not depend on who makes it. */
  int run(Task task) {
    return run((_, _) -> task, (_, _) -> List.of());
  }

  /**
   * The exit status.
   *
   * @param task of the endpoint and the account that the contracts will see
   * @param results what else to say about what was done, as name and value; not asked of a proposal
   */
  int run(
      BiFunction<Endpoint, Address, Task> task,
      BiFunction<Endpoint, DoneTask, List<TaskAnswer.Named>> results) {
    Optional<Route> route = change.route(spec);
    if (route.isPresent()) {
      return new ProposedRun(spec, change)
          .run(route.get(), (endpoint, actor) -> List.of(task.apply(endpoint, actor)));
    }
    return direct(task, results);
  }

  private int direct(
      BiFunction<Endpoint, Address, Task> task,
      BiFunction<Endpoint, DoneTask, List<TaskAnswer.Named>> results) {
    return options.run(
        spec,
        (endpoint, actor) -> {
          Task wanted = task.apply(endpoint, actor.account());
          Route route = new Route.Direct(actor.account());
          Plan plan = OwnerAdvice.plan(endpoint, route, List.of(wanted));
          PrintWriter people = options.people(spec);
          new PlanLines(endpoint, people).print(plan);
          if (plan.pending().isEmpty()) {
            people.println("Already as wanted: nothing to send.");
            return answer(TaskAnswer.of(endpoint, plan, List.of(), List.of()));
          }
          if (options.sending().isDryRun()) {
            people.println(SendOptions.NOTHING_SENT);
            return answer(TaskAnswer.of(endpoint, plan, List.of(), List.of()));
          }
          Sender sender = actor.sender().orElseThrow();
          List<Request> requests = plan.calls().stream().map(Request::of).toList();
          BigInteger most = options.sending().requireConsent(spec, "Send", sender, requests);
          List<DoneTask> done = execute(endpoint, sender, plan, people);
          List<TaskAnswer.Named> said = results.apply(endpoint, done.getFirst());
          said.forEach(named -> people.println(named.name() + "=" + named.value()));
          return answer(TaskAnswer.of(endpoint, plan, done, said).withMost(most));
        });
  }

  private List<DoneTask> execute(Endpoint endpoint, Sender sender, Plan plan, PrintWriter people) {
    Retry retry = new Retry(options.sending().patience(spec), Pause.REAL);
    DirectExecution execution =
        new DirectExecution(endpoint, sender, retry, options.sending().resumption(spec));
    return execution.run(plan, done -> DoneLines.print(done, people));
  }

  private int answer(TaskAnswer answer) {
    if (options.isJson()) {
      spec.commandLine().getOut().println(JsonText.of(answer));
    }
    return ExitStatus.DONE.number();
  }
}
