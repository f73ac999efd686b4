package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.ClientKey;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An app that asks for its keys, with evidence of the simulated platform. */
final class Client {
  private static final String APP = "1111111111111111111111111111111111111111";

  private final ClientKey key;
  private final Path certificate;

  Client(Host host) {
    key = new ClientKey(host.folder, "client");
    Path evidence = host.attest("client.evidence", key.reportData(), "--app-id", APP);
    certificate = key.selfIssued(evidence);
  }

  /** One call, without a second try. */
  Program ask(List<String> starter, String url, int seconds) {
    List<String> command = new ArrayList<>(starter);
    command.add(Tool.require("curl").toString());
    command.addAll(List.of("-s", "-S", "-k", "--max-time", String.valueOf(seconds)));
    command.addAll(List.of("--cert", certificate.toString(), "--key", key.key.toString()));
    command.addAll(List.of(url + "/prpc/GetAppKey?json", "-d", "{\"api_version\":1}"));
    return Program.run(command);
  }

  /** What the node on this host answers. */
  String ask(Host host) {
    return ask(List.of(), host.url("https", ""), 60).success();
  }
}
