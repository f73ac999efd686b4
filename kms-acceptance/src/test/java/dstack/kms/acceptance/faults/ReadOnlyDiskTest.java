package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with keys on a disk that became read-only. */
@Tag("faults")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadOnlyDiskTest {
  private Host host;
  private Disk disk;
  private Node node;
  private Map<String, String> audit;
  private String published;

  @BeforeAll
  void setUp(@TempDir Path shared) {
    host = new Host(shared);
    disk = new Disk(shared, 6 << 20);
    node = new Node(host, disk.inside().resolve("certs"));
    audit = Map.of("KMS_CORE_AUDIT_DIRECTORIES", shared.resolve("audit").toString());
    try (Background program = node.start(disk.sandbox().starter(), audit)) {
      program.await(Node.SETTING_UP);
      published = node.bootstrapped();
      node.finish();
      program.await(Node.READY);
      program.kill();
    }
    disk.remount("ro");
  }

  @AfterAll
  void stop() {
    disk.close();
    host.close();
  }

  @Test
  void refusesInOneSentenceWhenTheAttestedCertificateCannotBeStored() {
    try (Background program = node.start(disk.sandbox().starter(), audit)) {
      assertThat(program.status()).isEqualTo(1);
      assertThat(program.output())
          .containsIgnoringCase("read-only file system")
          .contains("Failed to reissue the attested KMS RPC certificate")
          .doesNotContain("\tat ");
    }
    FaultTable.enter("start, read-only disk", "1 refused in one sentence, keys untouched");
  }

  @Test
  void servesWithTheStoredCertificateWhereItNeedNotBeAttested() {
    Map<String, String> unattested = new java.util.HashMap<>(audit);
    unattested.put("KMS_CORE_ATTEST_RPC_CERT", "false");
    try (Background program = node.start(disk.sandbox().starter(), unattested)) {
      program.await(Node.READY);
      NextStart.serves(node, disk.seen().resolve("certs"), java.util.Optional.of(published));
      assertThat(program.output()).doesNotContain("\tat ");
      program.kill();
    }
    FaultTable.enter("start, read-only disk, unattested", "1 served with what is stored");
  }
}
