package dstack.kms.cli.gov.task;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.PlannedTask;
import dstack.kms.chain.transaction.Ether;
import java.io.PrintWriter;

/** A plan for whoever is to agree to it. */
final class PlanLines {
  private final Endpoint endpoint;
  private final PrintWriter out;

  PlanLines(Endpoint endpoint, PrintWriter out) {
    this.endpoint = endpoint;
    this.out = out;
  }

  void print(Plan plan) {
    out.println(
        "Account "
            + plan.route().actor()
            + " on chain "
            + endpoint.chainId()
            + ", balance "
            + Ether.text(endpoint.balance(plan.route().actor())));
    plan.tasks().forEach(this::print);
    out.flush();
  }

  private void print(PlannedTask planned) {
    out.println("Change: " + planned.task().title());
    planned
        .readings()
        .forEach(reading -> reading.lines().forEach(line -> out.println("  " + line)));
    planned.before().forEach(state -> out.println("  state: " + state.words()));
    planned.task().warnings().forEach(warning -> out.println("  warning: " + warning));
  }
}
