package dstack.kms.cli.verify;

import java.io.PrintWriter;

/** An answer that people can read as lines. */
interface Printable {
  /** One line per value. */
  void print(PrintWriter out);

  /** The status of a platform in words. */
  static String status(String tcbStatus) {
    return tcbStatus.isEmpty() ? "no TCB status" : "TCB status " + tcbStatus;
  }
}
