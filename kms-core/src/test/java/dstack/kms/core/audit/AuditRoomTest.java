package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.audit.BreakableActions.Fault;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** T-45: whoever is denied, as often as he likes, takes no room from those who are not. */
@Timeout(120)
class AuditRoomTest {
  /** Of six mebibytes: a quarter is more than two batches of refusals. */
  private static final long VOLUME = 6 << 20;

  private static final String REASON = "no".repeat(500);

  private final BreakableActions disks = new BreakableActions();
  @TempDir Path dir;

  private AuditLog open(String... directories) {
    return TestLog.open(dir, disks, 1 << 20, unhurried(), TestLog.CLOCK, directories);
  }

  /** Settings under which notes are held back by nothing but room. */
  private static AuditSettings unhurried() {
    return new AuditSettings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        4096,
        1_000_000,
        1000,
        Duration.ofMillis(1),
        Duration.ZERO);
  }

  private static AuditEvent refusal() {
    return AuditEvent.refused(
        AuditKind.APP_KEY, new RefusalException(AuditRefusal.MISSING, REASON), Map.of());
  }

  /** Refusals of some 1500 bytes each, and a release after each hundred. */
  private static void flood(AuditLog log, int hundreds) {
    for (int i = 0; i < hundreds; i++) {
      for (int k = 0; k < 100; k++) {
        log.note(refusal());
      }
      log.require(TestLog.release(i));
    }
  }

  @Test
  void t45_endlessRefusalsLeaveTheReserveToReleases() throws Exception {
    disks.makeVolume(dir.resolve("a"), VOLUME);
    long leftOut;
    try (AuditLog log = open("a")) {
      flood(log, 100);
      AuditStats stats = log.stats().orElseThrow();
      assertThat(stats.failed()).isEmpty();
      assertThat(stats.free().orElseThrow()).isBetween(VOLUME / 16, VOLUME / 4);
      assertThat(stats.notes()).singleElement().asString().contains("refusals are not recorded");
      assertThat(stats.leftOut()).isBetween(6000L, 8000L);

      disks.makeVolume(dir.resolve("a"), 2 * VOLUME);
      await(() -> log.stats().orElseThrow().notes().isEmpty());
      leftOut = log.stats().orElseThrow().leftOut();
      await(() -> recordedAgain(log));
    }
    assertThat(TestLog.verify(dir.resolve("a")).lines()).isGreaterThan(1100);
    List<JsonNode> lines = lines("a");
    assertThat(lines.stream().filter(AuditRoomTest::isRelease)).hasSizeGreaterThan(100);
    assertThat(lines.getLast().at("/facts/event").asString()).isEqualTo("left-out");
    assertThat(
            lines.stream()
                .map(line -> line.at("/facts/notes"))
                .mapToLong(notes -> Long.parseLong(notes.asString("0")))
                .sum())
        .isGreaterThanOrEqualTo(leftOut);
  }

  private boolean recordedAgain(AuditLog log) {
    log.note(refusal());
    log.require(TestLog.release(0));
    List<JsonNode> lines = lines("a");
    return lines.get(lines.size() - 2).path("outcome").asString().equals("refused");
  }

  @Test
  void t45_whatWasDoneIsRecordedAlsoWithoutWaitingWhileRefusalsAreLeftOut() throws Exception {
    disks.makeVolume(dir.resolve("a"), VOLUME);
    try (AuditLog log = open("a")) {
      flood(log, 40);
      await(() -> !log.stats().orElseThrow().shortOfRoom().isEmpty());
      log.require(TestLog.event("short"));
      log.note(refusal());
      log.note(AuditEvent.done(AuditKind.NODE_STOPPED, Map.of("config", "x")));
    }
    List<JsonNode> lines = lines("a");
    int at = lines.size() - 3;
    assertThat(lines.get(at).at("/facts/name").asString()).isEqualTo("short");
    assertThat(lines.get(at + 1).path("kind").asString()).isEqualTo("node-stopped");
    assertThat(lines.get(at + 2).at("/facts/event").asString()).isEqualTo("left-out");
  }

  @Test
  void t45_oneDirectoryThatIsShortIsEnoughAndIsNotLostToRefusals() throws Exception {
    disks.makeVolume(dir.resolve("a"), VOLUME);
    try (AuditLog log = open("a", "b")) {
      flood(log, 40);
      assertThat(log.stats().orElseThrow().failed()).isEmpty();
      assertThat(log.stats().orElseThrow().leftOut()).isGreaterThan(500);
    }
    assertThat(TestLog.verify(dir.resolve("a"))).isEqualTo(TestLog.verify(dir.resolve("b")));
  }

  @Test
  void aDirectoryThatTakesNoLinesKeepsNoRefusalsOut() throws Exception {
    disks.makeVolume(dir.resolve("a"), VOLUME);
    try (AuditLog log = open("a", "b")) {
      flood(log, 40);
      await(() -> !log.stats().orElseThrow().shortOfRoom().isEmpty());
      disks.breakDirectory(dir.resolve("a"), Fault.FULL);
      log.require(TestLog.event("broken"));
      assertThat(log.stats().orElseThrow().failed()).containsOnlyKeys(0);
      long before = log.stats().orElseThrow().leftOut();
      log.note(refusal());
      log.require(TestLog.event("after"));
      assertThat(log.stats().orElseThrow().leftOut()).isEqualTo(before);
    }
    assertThat(
            lines("b").stream().filter(line -> line.path("outcome").asString().equals("refused")))
        .isNotEmpty();
  }

  @Test
  void looksForRoomOnceInAWhileAndNotForEachLine() throws Exception {
    AuditSettings settings =
        new AuditSettings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            4096,
            50,
            1000,
            Duration.ofMillis(1),
            Duration.ofHours(1));
    try (AuditLog log = TestLog.open(dir, disks, 1 << 20, settings, TestLog.CLOCK, "a", "b")) {
      for (int i = 0; i < 50; i++) {
        log.require(TestLog.release(i));
      }
      assertThat(log.stats().orElseThrow().free()).isPresent();
    }
    assertThat(disks.looks()).isEqualTo(2);
  }

  private List<JsonNode> lines(String directory) {
    return TestLog.lines(dir.resolve(directory)).stream()
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  private static boolean isRelease(JsonNode line) {
    return line.path("kind").asString().equals("app-key")
        && line.path("outcome").asString().equals("allowed");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
