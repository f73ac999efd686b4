package dstack.kms.cli.status;

import java.io.PrintWriter;

/** Prints for a person what one node says about itself. */
record NodeLines(NodeStatus node) {
  void print(PrintWriter out) {
    out.println("version       " + node.version());
    out.println("state         " + node.state());
    node.identity()
        .ifPresent(
            identity -> {
              out.println("k256 key      " + identity.k256());
              out.println("CA key        " + identity.ca() + " (SHA-256)");
              out.println("epoch         " + identity.epoch());
              out.println("certificates  until " + identity.until());
            });
    out.println(
        "authority     "
            + node.authority().view()
            + node.authority().contract().map(address -> " " + address).orElse(""));
    node.oldestCollateral()
        .ifPresent(age -> out.println("collateral    oldest " + FleetTable.age(age)));
  }
}
