package dstack.kms.cli.dev;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;

/** Collects what a check found and prints it as it goes. */
final class Findings {
  private final PrintWriter out;
  private int held;
  private int failed;

  Findings(PrintWriter out) {
    this.out = out;
  }

  void require(String what, boolean holds) {
    out.println((holds ? "  ok      " : "  FAILED  ") + what);
    if (holds) {
      held++;
    } else {
      failed++;
    }
  }

  /** Begins a part of the check. */
  void part(String name) {
    out.println(name + ":");
  }

  /** Says why something is not checked. */
  void leftOut(String why) {
    out.println("  -       " + why);
  }

  /** The step must be refused with a text that says this. */
  void requireRefused(String what, Runnable step, String text) {
    try {
      step.run();
      require(what + " (it was accepted)", false);
    } catch (RefusalException e) {
      boolean expected = e.text().contains(text);
      require(expected ? what : what + " (refused otherwise: " + e.text() + ")", expected);
    }
  }

  /** The check cannot go on. */
  void failed(RefusalException e) {
    require("the check went through (" + e.text() + ")", false);
  }

  ExitStatus conclude() {
    out.println(held + " checks held, " + failed + " failed");
    out.flush();
    return failed == 0 && held > 0 ? ExitStatus.DONE : ExitStatus.REFUSED;
  }
}
