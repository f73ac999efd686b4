package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A set-up for which there is no room says so, leaves nothing, and works when there is room. */
@Tag("faults")
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FullDiskTest {
  /** Fills what is left, and gives so many KiB back. */
  private static final String FILL =
      "dd if=/dev/zero of=\"$0/filler\" bs=1k 2>/dev/null; truncate -s -\"$1\"K \"$0/filler\"; "
          + "sync -f \"$0\"; exit 0";

  private static final List<String> KEYS =
      List.of("root-ca.key", "root-k256.key", "tmp-ca.key", "rpc.key", ".staging", ".committed");

  private static final String FULL = "No space left on device";

  private Path folder;
  private Host host;

  @BeforeAll
  void machine(@TempDir Path shared) {
    folder = shared;
    host = new Host(shared);
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @Test
  void t14_aSetUpWithoutRoomOnTmpfsLeavesNothingAndWorksLater() throws Exception {
    Path mounted = Files.createDirectories(folder.resolve("tmpfs"));
    try (Sandbox sandbox = Sandbox.ofMounts()) {
      String[] mount = {"mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", mounted.toString()};
      sandbox.run(mount).success();
      fillAndSetUp(sandbox, mounted, "tmpfs");
    }
  }

  @Test
  void t14_aSetUpWithoutRoomOnExt4LeavesNothingAndWorksLater() {
    try (Disk disk = new Disk(folder, 4 << 20)) {
      fillAndSetUp(disk.sandbox(), disk.inside(), "ext4");
    }
  }

  private void fillAndSetUp(Sandbox sandbox, Path mounted, String kind) {
    Node node = new Node(host, mounted.resolve("certs"));
    try (Background program = node.start(sandbox.starter(), Map.of())) {
      program.await(Node.SETTING_UP);
      int refused = 0;
      for (int room = 0; room <= 16; room += Scope.isEverything() ? 1 : 4) {
        fill(sandbox, mounted, room);
        String answer = node.bootstrap().orElseThrow(() -> new AssertionError("no answer"));
        assertThat(answer).as("%s KiB of room", room).contains("\"error\"", FULL);
        Path certs = sandbox.seen(node.certs());
        assertThat(KEYS).allSatisfy(name -> assertThat(certs.resolve(name)).doesNotExist());
        refused++;
        sandbox.run("rm", mounted.resolve("filler").toString()).success();
      }
      String published = node.bootstrapped();
      fill(sandbox, mounted, 0);
      node.finish();
      assertThat(program.status()).isEqualTo(1);
      assertThat(program.output())
          .contains("Failed to reissue the attested KMS RPC certificate", FULL)
          .doesNotContain("\tat ");
      FaultTable.enter(
          "bootstrap, full " + kind, refused + " refused in words, 0 partial, then it worked");
      sandbox.run("rm", mounted.resolve("filler").toString()).success();
      serves(node, sandbox, published);
      FaultTable.enter("renewal, full " + kind, "1 refused in one sentence, then it served");
    }
  }

  private static void serves(Node node, Sandbox sandbox, String published) {
    try (Background program = node.start(sandbox.starter(), Map.of())) {
      program.await(Node.READY);
      NextStart.serves(node, sandbox.seen(node.certs()), Optional.of(published));
      program.kill();
    }
  }

  private static void fill(Sandbox sandbox, Path mounted, int room) {
    sandbox.run("sh", "-c", FILL, mounted.toString(), String.valueOf(room)).success();
  }
}
