package dstack.kms.cli.gov.task;

import dstack.kms.chain.operation.DoneTask;
import dstack.kms.chain.transaction.Ether;
import dstack.kms.chain.transaction.Receipt;
import java.io.PrintWriter;

/** What was done, for people. */
public final class DoneLines {
  private DoneLines() {}

  static void print(DoneTask done, PrintWriter out) {
    done.receipts().forEach(receipt -> print(receipt, out));
    done.after().forEach(state -> out.println("  state now: " + state.words()));
    out.println("Done: " + done.planned().task().title());
    out.flush();
  }

  /** One transaction. */
  public static void print(Receipt receipt, PrintWriter out) {
    out.println(
        "Transaction hash: "
            + receipt.hash()
            + " (block "
            + receipt.block()
            + ", gas "
            + receipt.gasUsed()
            + ", "
            + Ether.text(receipt.cost())
            + ")");
  }
}
