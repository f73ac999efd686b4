package dstack.kms.acceptance.nitro;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Anvil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that our contracts on a real chain govern, and {@code kms gov} beside it. The server is
 * a trust domain of the simulated platform; it takes enclaves under one more root.
 */
final class GovernedKms implements AutoCloseable {
  /** Short commands are compiled once. */
  private static final String JAVA = "-XX:TieredStopAtLevel=1";

  private static final Pattern VIEW = Pattern.compile("(?m)^kms_chain_decision_block ([0-9.E]+)$");

  private final Background server;
  private final int port = Host.freePort();
  private final String operations;
  private final String rootCa;
  private final String rpc;
  private final String contract;

  GovernedKms(Path folder, Path enclaveRoot) {
    server =
        new Background(
            Host.kms("dev", "--chain", "--dir", folder.toString(), "--port", "" + port),
            Map.of(
                "KMS_ANVIL",
                Anvil.program().toString(),
                "KMS_CORE_ATTESTATION_ROOT_CA_AWS_NITRO_ENCLAVE",
                enclaveRoot.toString(),
                "KMS_JAVA_OPTS",
                JAVA));
    operations = found("operations +(http://[^ ]+)/ready", 1);
    rootCa = found("root CA +(/.+)", 1);
    Matcher hint = matched("export RPC_URL=([^ ]+) KMS_CONTRACT_ADDR=([^ ]+)");
    rpc = hint.group(1);
    contract = hint.group(2);
  }

  private String found(String pattern, int group) {
    return matched(pattern).group(group);
  }

  private Matcher matched(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(server.await(pattern));
    if (!matcher.find()) {
      throw new AssertionError(pattern);
    }
    return matcher;
  }

  int port() {
    return port;
  }

  String rootCa() {
    return rootCa;
  }

  /** Changes something on the chain; returns when the server decides by it. */
  JsonNode gov(String... words) {
    List<String> command = new ArrayList<>(List.of("gov"));
    command.addAll(List.of(words));
    command.addAll(List.of("--key-env", "OWNER", "--yes", "--json"));
    JsonNode done =
        JsonMapper.shared()
            .readTree(
                Program.run(
                        Host.kms(command.toArray(String[]::new)),
                        Map.of(
                            "RPC_URL",
                            rpc,
                            "KMS_CONTRACT_ADDR",
                            contract,
                            "OWNER",
                            Anvil.FIRST_KEY,
                            "KMS_JAVA_OPTS",
                            JAVA),
                        "")
                    .success());
    done.path("transactions")
        .valueStream()
        .mapToLong(each -> each.path("block").asLong())
        .max()
        .ifPresent(this::await);
    return done;
  }

  private void await(long block) {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try {
      while (view() < block) {
        if (System.nanoTime() > end || never.await(50, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the server does not see block " + block);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private double view() {
    Matcher view = VIEW.matcher(curl(operations + "/metrics"));
    return view.find() ? Double.parseDouble(view.group(1)) : 0;
  }

  /** The answer of one call. */
  String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "10"));
    command.addAll(List.of(arguments));
    return Program.run(command).success();
  }

  @Override
  public void close() {
    server.close();
  }
}
