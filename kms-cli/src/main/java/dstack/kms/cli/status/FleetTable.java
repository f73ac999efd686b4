package dstack.kms.cli.status;

import dstack.kms.cli.status.NodeAnswer.Answered;
import dstack.kms.cli.status.NodeAnswer.Silent;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Prints a fleet for a person: one line for each node, then what differs. */
record FleetTable(FleetView fleet) {
  private static final List<String> HEADINGS =
      List.of(
          "node",
          "state",
          "ready",
          "version",
          "identity k256/ca",
          "epoch",
          "chain view",
          "collateral",
          "certificates until");
  private static final String NOTHING = "-";

  void print(PrintWriter out) {
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    fleet.answered().forEach(node -> rows.add(row(node)));
    rows.forEach(row -> out.println(line(row, widths(rows))));
    for (NodeAnswer node : fleet.nodes()) {
      if (node instanceof Silent silent) {
        out.println(
            node.name()
                + "  NO ANSWER ["
                + silent.why().code().code()
                + "] "
                + silent.why().text());
      }
    }
    for (Divergence found : fleet.divergences()) {
      out.println((found.allowed() ? "note: " : "DIVERGES: ") + found.text());
    }
  }

  private static List<String> row(Answered node) {
    NodeStatus status = node.status();
    return List.of(
        node.name(),
        status.state(),
        status.ready() ? "yes" : "NO",
        status.version(),
        status.identity().map(NodeStatus.Identity::brief).orElse(NOTHING),
        status.identity().map(it -> String.valueOf(it.epoch())).orElse(NOTHING),
        status.authority().view(),
        status.oldestCollateral().map(FleetTable::age).orElse(NOTHING),
        status.identity().map(it -> it.until().toString()).orElse(NOTHING));
  }

  /** An age as coarse as it matters. */
  static String age(long seconds) {
    long hours = seconds / 3600;
    return hours < 48 ? hours + " h" : hours / 24 + " d";
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>(Collections.nCopies(HEADINGS.size(), 0));
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    return widths;
  }

  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
