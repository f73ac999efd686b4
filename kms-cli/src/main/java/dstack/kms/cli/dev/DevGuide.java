package dstack.kms.cli.dev;

import java.io.PrintWriter;
import java.util.stream.Collectors;

/** What a person sees once the development servers run. */
record DevGuide(DevHost host, DevFleet fleet) {
  void print(PrintWriter out) {
    String url = fleet.first().url();
    String root = host.first().certificates().resolve("root-ca.crt").toString();
    out.println("a KMS on a SIMULATED platform is ready; stop it with Ctrl-C");
    out.println();
    fleet.nodes().forEach(node -> print(node, out));
    out.println("  root CA         " + root);
    out.println("  policy          " + host.policy().words());
    out.println();
    out.println("try next:");
    host.policy().hints().forEach(hint -> out.println("  " + hint));
    fleet
        .nodes()
        .forEach(
            node ->
                out.println("  curl --cacert " + root + " " + node.url() + "/prpc/GetMeta?json"));
    out.println(
        "  curl --cacert "
            + root
            + " '"
            + url
            + "/prpc/GetAppEnvEncryptPubKey?app_id="
            + host.enclave().identity().appId().hex()
            + "'");
    out.println(
        "  kms get-keys --kms-url "
            + url
            + " --root-ca "
            + root
            + " --app-id "
            + host.enclave().identity().appId().hex()
            + " --set core.agent_address="
            + host.first().agentAddress());
    out.println("  kms status " + everyOperations() + "   state, identity and what differs");
    out.println("  kms sim attest --help        evidence for a client of your own");
    out.println("  kms dev --check --dir DIR    a simulated enclave fetches its keys");
    out.flush();
  }

  private static void print(DevNode node, PrintWriter out) {
    if (node.number() > 1) {
      out.println();
      out.println("  node " + node.number() + ", replicated from the first");
    }
    out.println("  main listener   " + node.url());
    node.operations().ifPresent(address -> out.println("  operations      " + address + "/ready"));
  }

  private String everyOperations() {
    return fleet.nodes().stream()
        .flatMap(node -> node.operations().stream())
        .collect(Collectors.joining(" "));
  }
}
