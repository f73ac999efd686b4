package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.PublishedConfig;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The built program with its keys in a place where faults come.
 *
 * @param host the machine with agent and PCCS
 * @param certs where its keys are
 */
record Node(Host host, Path certs) {
  static final String SETTING_UP = "HttpServer: set-up listens at";
  static final String READY = "node is ready";

  /** Starts it under another program, with more settings. */
  Background start(List<String> starter, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KMS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    environment.put("KMS_CORE_CERT_DIR", certs.toString());
    environment.put("KMS_RPC_TLS_KEY", certs.resolve("rpc.key").toString());
    environment.put("KMS_RPC_TLS_CERTS", certs.resolve("rpc.crt").toString());
    environment.put("KMS_CORE_IMAGE_VERIFY", "false");
    environment.put("KMS_CORE_AUTH_API_TYPE", "dev");
    environment.putAll(more);
    return host.serve(starter, PublishedConfig.CURRENT.toml, environment);
  }

  Background start() {
    return start(List.of(), Map.of());
  }

  /** What Bootstrap answers, unless the program ends before. */
  Optional<String> bootstrap() {
    Program answer = curl("http", "/prpc/Bootstrap?json", "-d", "{\"domain\":\"localhost\"}");
    return Optional.of(answer).filter(done -> done.status() == 0).map(Program::out);
  }

  /** What Bootstrap answers to a caller whom nothing fails. */
  String bootstrapped() {
    String answer = bootstrap().orElseThrow(() -> new AssertionError("no answer"));
    assertThat(answer).contains("\"k256_pubkey\"");
    return answer;
  }

  /** What Onboard answers, which takes the keys of the node at that address. */
  String onboarded(String source) {
    String asked = "{\"source_url\":\"" + source + "\",\"domain\":\"localhost\"}";
    Program answer = curl("http", "/prpc/Onboard.Onboard?json", "-d", asked);
    assertThat(answer.out()).contains("\"k256_pubkey\"");
    return answer.success();
  }

  /** Ends set-up; the node then makes its certificates anew and serves. */
  void finish() {
    curl("http", "/finish");
  }

  /** What it says of itself. */
  String meta() {
    return curl("https", "/prpc/GetMeta?json", "-d", "{}").success();
  }

  /** The status code of its readiness, 000 if nobody answers, and its body. */
  String ready() {
    String url = "http://127.0.0.1:" + host.operationsPort + "/ready";
    return call(url, "-w", "\n%{http_code}").out();
  }

  private Program curl(String scheme, String path, String... more) {
    return call(host.url(scheme, path), more);
  }

  private static Program call(String url, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Tool.require("curl").toString());
    command.addAll(List.of("-s", "-S", "-k", "--max-time", "300", url));
    command.addAll(List.of(more));
    return Program.run(command);
  }
}
