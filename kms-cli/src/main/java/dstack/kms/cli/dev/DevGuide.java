package dstack.kms.cli.dev;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What a person sees once the development server runs. */
record DevGuide(DevHost host, int port, Optional<InetSocketAddress> operations) {
  void print(PrintWriter out) {
    String url = "https://localhost:" + port;
    String root = host.certificates().resolve("root-ca.crt").toString();
    out.println("a KMS on a SIMULATED platform is ready; stop it with Ctrl-C");
    out.println();
    out.println("  main listener   " + url);
    operations.ifPresent(
        address ->
            out.println("  operations      http://127.0.0.1:" + address.getPort() + "/ready"));
    out.println("  root CA         " + root);
    out.println("  policy          " + host.policy() + " (edits count at once)");
    out.println();
    out.println("try next:");
    out.println("  curl --cacert " + root + " " + url + "/prpc/GetMeta?json");
    out.println(
        "  curl --cacert "
            + root
            + " '"
            + url
            + "/prpc/GetAppEnvEncryptPubKey?app_id="
            + host.guest().identity().appId().hex()
            + "'");
    out.println("  kms sim attest --help        evidence for a client of your own");
    out.println("  kms dev --check --dir DIR    a simulated enclave fetches its keys");
    out.flush();
  }
}
