package dstack.kms.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The result as a table: stage, microseconds, what it is compared with, the ratio and the goal. */
final class Table {
  private static final String ROW = "%-34s %12s  %-44s %10s  %s%n";

  private final List<Object[]> rows = new ArrayList<>();

  /** A stage that may cost at most so many times its floor. */
  void against(String stage, double cost, String floor, double floorCost, String goal) {
    rows.add(
        new Object[] {
          stage, us(cost), floor + " = " + us(floorCost), ratio(cost / floorCost), goal
        });
  }

  /** A stage that must be so many times faster than a peer. */
  void fasterThan(String stage, double cost, String peer, double peerCost, String goal) {
    rows.add(
        new Object[] {
          stage, us(cost), peer + " = " + us(peerCost), ratio(peerCost / cost) + " faster", goal
        });
  }

  /** Something that could not be compared, and why. */
  void missing(String stage, String why) {
    rows.add(new Object[] {stage, "-", why, "-", ""});
  }

  void print(PrintStream out) {
    out.printf(Locale.ROOT, ROW, "stage", "us/op", "compared with", "ratio", "goal");
    for (Object[] row : rows) {
      out.printf(Locale.ROOT, ROW, row);
    }
  }

  private static String us(double microseconds) {
    return String.format(Locale.ROOT, "%.1f", microseconds);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f x", ratio);
  }
}
