package dstack.kms.cli.explain;

import dstack.kms.chain.explain.Shortfall;
import java.io.PrintWriter;
import java.util.List;

/** What is missing, numbered, for people. */
final class ShortfallLines {
  private ShortfallLines() {}

  static void print(List<Shortfall> missing, PrintWriter out) {
    if (missing.isEmpty()) {
      return;
    }
    out.println();
    out.println("missing on chain, in the order in which the contract looks:");
    int number = 1;
    for (Shortfall each : missing) {
      out.println("  " + number + ". " + each.rule().reason() + ": " + each.says());
      if (!each.command().isEmpty()) {
        out.println("     " + each.command());
      }
      number++;
    }
    out.println("(add the endpoint, the contract and who signs: kms gov --help)");
  }
}
