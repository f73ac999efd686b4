package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-14: two holders bring a node's keys back, and it fails at every call that writes. */
@Tag("faults")
@Timeout(3600)
final class RestoreFaultsTest {
  /** What the two holders have, and the fleet's root key as they noted it. */
  private record Backup(Host host, List<Path> shares, List<Path> identities, String rootKey) {
    static Backup of(Host host) {
      Node node = new Node(host, host.folder.resolve("lost"));
      String answer;
      try (Background program = node.start()) {
        program.await(Node.SETTING_UP);
        answer = node.bootstrapped();
        program.kill();
      }
      List<Path> identities = List.of(holder(host, "one"), holder(host, "two"));
      create(host, node.certs());
      return new Backup(host, shares(host), identities, rootKeyIn(answer));
    }

    private static Path holder(Host host, String name) {
      Path key = host.folder.resolve(name + ".key");
      String openssl = Tool.require("openssl").toString();
      Program.run(List.of(openssl, "genpkey", "-algorithm", "X25519", "-out", key.toString()))
          .success();
      Path pem = host.folder.resolve(name + ".pem");
      Program.run(
              List.of(openssl, "pkey", "-in", key.toString(), "-pubout", "-out", pem.toString()))
          .success();
      return key;
    }

    private static void create(Host host, Path certs) {
      Map<String, String> settings = new HashMap<>(host.environment());
      settings.put("KMS_CORE_CERT_DIR", certs.toString());
      settings.put("KMS_RPC_TLS_KEY", certs.resolve("rpc.key").toString());
      settings.put("KMS_RPC_TLS_CERTS", certs.resolve("rpc.crt").toString());
      settings.put("KMS_CORE_AUTH_API_TYPE", "dev");
      settings.put(
          "KMS_CORE_BACKUP_HOLDERS",
          host.folder.resolve("one.pem") + "," + host.folder.resolve("two.pem"));
      settings.put("KMS_CORE_BACKUP_THRESHOLD", "2");
      String out = host.folder.resolve("backup").toString();
      Program.run(Host.kms("backup", "create", "--out", out), settings, "").success();
    }

    private static List<Path> shares(Host host) {
      return Stream.of(host.folder.resolve("backup").toFile().listFiles())
          .map(Object::toString)
          .filter(name -> name.endsWith(".kmsshare"))
          .sorted()
          .map(Path::of)
          .toList();
    }

    private static String rootKeyIn(String answer) {
      String key = answer.replaceAll("(?s).*\"k256_pubkey\":\\s*\"([0-9a-f]{66})\".*", "$1");
      assertThat(key).hasSize(66);
      return key;
    }

    /** Both holders send their shares; what the last of them learns. */
    String restore(String url) {
      for (int i = 0; i < shares.size(); i++) {
        List<String> command = new ArrayList<>(Host.kms("backup", "restore", url));
        command.addAll(List.of("--share", shares.get(i).toString()));
        command.addAll(List.of("--identity", identities.get(i).toString()));
        command.addAll(List.of("--k256-pubkey", rootKey, "--domain", "localhost"));
        Map<String, String> settings = new HashMap<>(host.environment());
        settings.put("KMS_CORE_AUTH_API_TYPE", "dev");
        Program.run(command, settings, "").success();
      }
      return "{\"k256_pubkey\":\"" + rootKey + "\"}";
    }
  }

  private record Restoring(Backup backup) implements Procedure {
    @Override
    public Optional<Path> before() {
      return Optional.empty();
    }

    @Override
    public Optional<String> publishedBefore() {
      return Optional.empty();
    }

    /** A node takes no keys but those that it was told of. */
    @Override
    public Map<String, String> settings() {
      return Map.of("KMS_CORE_ONBOARD_IDENTITY", backup.rootKey());
    }

    @Override
    public void drive(Node node, Background program, Consumer<String> published) {
      program.await(Node.SETTING_UP);
      published.accept(backup.restore(node.host().url("http", "")));
      node.finish();
      program.await(Node.READY);
    }
  }

  @Test
  void t14_restoredKeysOutliveALossOfPowerAtEveryCall(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      Restoring restoring = new Restoring(Backup.of(host));
      new WriteFaults(host, folder, "restore", restoring).losePower();
    }
  }

  @Test
  void t14_aKilledRestoreLeavesAllOrNothing(@TempDir Path folder) {
    try (Host host = new Host(folder)) {
      Restoring restoring = new Restoring(Backup.of(host));
      new WriteFaults(host, folder, "restore", restoring).kill();
    }
  }
}
