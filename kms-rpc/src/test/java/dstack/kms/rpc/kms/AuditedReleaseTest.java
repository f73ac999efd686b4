package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.audit.AuditLines;
import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditRefusal;
import dstack.kms.core.audit.AuditVerification;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** T-45 over TLS: no key leaves whose release is not on record. */
@Timeout(180)
final class AuditedReleaseTest {
  private static final String REQUEST = "{\"api_version\":1}";

  @TempDir private Path folder;
  private AuditLog audit;
  private TestNode node;

  @BeforeEach
  void start() {
    audit =
        AuditLog.open(
            new AuditConfig(true, List.of(folder.resolve("a"), folder.resolve("b")), 1 << 20),
            folder,
            InstantSource.fixed(TestNode.NOW),
            new SecureRandom());
    node = new TestNode(folder, TestNode.Options.ordinary(folder), audit);
  }

  @AfterEach
  void stop() {
    node.close();
    audit.close();
  }

  private CurlClient app1() {
    return CurlClient.guest(node, folder, TestNode.APP1);
  }

  private void breakDirectory(String name) throws IOException {
    Files.move(folder.resolve(name), folder.resolve(name + ".away"));
  }

  private void mend(String name) throws IOException {
    Files.move(folder.resolve(name + ".away"), folder.resolve(name));
  }

  @Test
  void recordsAReleaseWithEvidenceBootInfoAndBlock() {
    node.authority.app =
        new Decision.Allowed(
            "gateway-1", Optional.of(new BlockRef(77, Bytes.fromHex("cd".repeat(32)))));
    JsonNode keys = app1().call("GetAppKey", REQUEST);
    JsonNode line = last("app-key");
    assertThat(line.get("outcome").stringValue()).isEqualTo("allowed");
    assertThat(line.at("/bootInfo/appId").stringValue()).isEqualTo("11".repeat(20));
    assertThat(line.at("/bootInfo/teeVariant").stringValue()).isEqualTo("dstack-tdx");
    assertThat(line.get("evidence").stringValue()).hasSize(64);
    assertThat(line.at("/block/number").intValue()).isEqualTo(77);
    String all = String.join("\n", new AuditLines(folder.resolve("a")).more());
    for (String secret : List.of("disk_crypt_key", "env_crypt_key", "k256_key")) {
      assertThat(keys.get(secret).stringValue()).isNotEmpty();
      assertThat(all).doesNotContain(keys.get(secret).stringValue());
    }
  }

  @Test
  void recordsARefusalWithTheReasonAndTheBootInfo() {
    node.authority.app = new Decision.Denied("not in the list\n{\"v\":1}");
    assertThat(app1().call("GetAppKey", REQUEST).has("error")).isTrue();
    audit.close();
    JsonNode line = last("app-key");
    assertThat(line.get("outcome").stringValue()).isEqualTo("refused");
    assertThat(line.get("code").stringValue()).isEqualTo("boot-denied");
    assertThat(line.get("reason").stringValue())
        .isEqualTo("Boot denied: not in the list\n{\"v\":1}");
    assertThat(line.at("/bootInfo/appId").stringValue()).isEqualTo("11".repeat(20));
    assertThat(AuditVerification.ofItself().verify(folder.resolve("b")).lines()).isEqualTo(2);
  }

  @Test
  void recordsThatNothingWasDecidedUnderTheCodeOfTheCause() {
    node.authority.app =
        new Decision.Undecided(
            new RefusalException(
                dstack.kms.core.authority.AuthorityRefusal.UNREACHABLE,
                "authorization backend unavailable",
                "https://rpc.example is away"));
    assertThat(app1().call("GetAppKey", REQUEST).has("error")).isTrue();
    audit.close();
    JsonNode line = last("app-key");
    assertThat(line.get("outcome").stringValue()).isEqualTo("refused");
    assertThat(line.get("code").stringValue()).isEqualTo("authority-unreachable");
  }

  @Test
  void t45_refusesEveryReleaseWhileNoDirectoryTakesTheLine() throws Exception {
    breakDirectory("a");
    breakDirectory("b");
    for (int i = 0; i < 2; i++) {
      JsonNode answer = app1().call("GetAppKey", REQUEST);
      assertThat(answer.propertyNames()).containsExactly("error");
      assertThat(answer.get("error").stringValue())
          .contains("the decision cannot be recorded, so nothing is released")
          .doesNotContain(folder.toString());
    }
    assertThatThrownBy(audit::requireWritable)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AuditRefusal.UNWRITABLE));
    mend("a");
    mend("b");
    awaitWritable();
    assertThat(app1().call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    audit.close();
    assertThat(AuditVerification.ofItself().verify(folder.resolve("a")).lines())
        .isEqualTo(AuditVerification.ofItself().verify(folder.resolve("b")).lines());
    assertThat(new AuditLines(folder.resolve("a")).more().stream())
        .anyMatch(line -> line.contains("\"event\":\"resumed\""));
  }

  @Test
  void t45_refusesRootKeysToo() throws IOException {
    breakDirectory("a");
    breakDirectory("b");
    CurlClient peer = CurlClient.guest(node, folder, TestNode.APP1);
    assertThat(peer.error("GetKmsKey", "{}")).contains("cannot be recorded");
  }

  @Test
  void t45_aSecondDirectoryKeepsService() throws IOException {
    breakDirectory("a");
    for (int i = 0; i < 3; i++) {
      assertThat(app1().call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    }
    audit.requireWritable();
    assertThat(audit.stats().orElseThrow().failed()).containsOnlyKeys(0);
    mend("a");
    assertThat(AuditVerification.ofItself().verify(folder.resolve("b")).lines()).isEqualTo(4);
  }

  private JsonNode last(String kind) {
    Stream<JsonNode> lines =
        new AuditLines(folder.resolve("b")).more().stream().map(JsonMapper.shared()::readTree);
    return lines
        .filter(line -> line.get("kind").stringValue().equals(kind))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private void awaitWritable() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 3000 && !audit.stats().orElseThrow().failed().isEmpty(); i++) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
    audit.requireWritable();
  }
}
