package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bootinfo.BootInfoJson;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditLogTest {
  @TempDir Path dir;

  @Test
  void beginsWithTheKeyAndGoesOnAfterEachStart() {
    for (int start = 0; start < 3; start++) {
      try (AuditLog log = TestLog.open(dir, "log")) {
        log.require(TestLog.release(start));
        assertThat(log.head()).hasValueSatisfying(h -> assertThat(h.sequence()).isPositive());
      }
    }
    AuditReport report = TestLog.verify(dir.resolve("log"));
    assertThat(report.first()).isZero();
    assertThat(report.lines()).isEqualTo(4);
    assertThat(report.checkpoint()).hasValue(3);
    assertThat(json(0).at("/facts/event").stringValue()).isEqualTo("file-begun");
    assertThat(json(0).at("/facts/key").stringValue())
        .isEqualTo(report.key().key().subjectPublicKeyInfo().hex());
  }

  /** Offline backups are lines of the same log, so a node learns of them at its next start. */
  @Test
  void knowsWhenKeysWereBackedUpLastAlsoAfterAStart() {
    Instant morning = Instant.parse("2026-06-01T08:00:00Z");
    Instant noon = Instant.parse("2026-06-01T12:00:00.250Z");
    AtomicReference<Instant> now = new AtomicReference<>(morning);
    AuditEvent made = AuditEvent.done(AuditKind.BACKUP, Map.of("set", "1"));
    RefusalException why =
        new RefusalException(AuditRefusal.MISSING, "\"kind\":\"backup\",\"outcome\":\"allowed\",");
    try (AuditLog log = at(now)) {
      assertThat(log.stats().orElseThrow().backup()).isEmpty();
      log.require(TestLog.release(1));
      assertThat(log.stats().orElseThrow().durable()).hasValue(morning);
      assertThat(log.stats().orElseThrow().backup()).isEmpty();
      now.set(noon);
      log.require(made);
      assertThat(log.stats().orElseThrow().backup()).hasValue(noon);
      now.set(noon.plusSeconds(60));
      log.require(AuditEvent.refused(AuditKind.BACKUP, why, Map.of()));
      log.require(AuditEvent.refused(AuditKind.APP_KEY, why, Map.of()));
      assertThat(log.stats().orElseThrow().backup()).hasValue(noon);
      assertThat(log.stats().orElseThrow().durable()).hasValue(noon.plusSeconds(60));
    }
    try (AuditLog log = at(now)) {
      assertThat(log.stats().orElseThrow().backup()).hasValue(noon);
      assertThat(log.stats().orElseThrow().durable()).isEmpty();
    }
  }

  private AuditLog at(AtomicReference<Instant> now) {
    return TestLog.open(dir, new PosixFileActions(), 1 << 20, TestLog.quick(), now::get, "log");
  }

  @Test
  void writesEveryMemberInItsPlace() {
    try (AuditLog log = TestLog.open(dir, "log")) {
      log.require(TestLog.release(7));
    }
    JsonNode line = json(1);
    assertThat(line.propertyNames())
        .containsExactly(
            "v",
            "seq",
            "batch",
            "time",
            "node",
            "kind",
            "outcome",
            "code",
            "reason",
            "evidence",
            "bootInfo",
            "block",
            "facts",
            "prev",
            "hash",
            "sig");
    assertThat(line.get("time").stringValue()).isEqualTo("2026-06-01T12:00:00.250Z");
    assertThat(line.get("kind").stringValue()).isEqualTo("app-key");
    assertThat(line.get("outcome").stringValue()).isEqualTo("allowed");
    assertThat(line.get("code").isNull()).isTrue();
    assertThat(line.get("evidence").stringValue()).isEqualTo("08".repeat(32));
    assertThat(line.at("/block/number").intValue()).isEqualTo(1234);
    assertThat(line.at("/block/hash").stringValue()).isEqualTo("ab".repeat(32));
    assertThat(line.at("/facts/number").stringValue()).isEqualTo("7");
    assertThat(line.get("prev")).isEqualTo(json(0).get("hash"));
  }

  @Test
  void t17_recordsTheBootInfoThatAuthoritiesGetWithTheLocalTcbStatus() {
    try (AuditLog log = TestLog.open(dir, "log")) {
      log.require(TestLog.release(1));
      log.require(TestLog.refusal("Boot denied: no"));
    }
    JsonNode sent =
        JsonMapper.shared()
            .readTree(BootInfoJson.encode(TestLog.subject(TeeVariant.TDX).bootInfo()).toArray());
    JsonNode recorded = json(1).get("bootInfo");
    List<String> names = new ArrayList<>(sent.propertyNames());
    names.remove("attestationMode");
    assertThat(recorded.propertyNames()).containsExactlyElementsOf(names);
    names.forEach(name -> assertThat(recorded.get(name)).isEqualTo(sent.get(name)));
    assertThat(json(2).at("/bootInfo/tcbStatus").stringValue()).isEqualTo("NotApplicable");
    assertThat(json(2).get("reason").stringValue()).isEqualTo("Boot denied: no");
    assertThat(json(2).get("outcome").stringValue()).isEqualTo("refused");
  }

  @Test
  void keepsReasonsOfOthersOnOneLineOfPlainCharacters() throws IOException {
    String evil =
        "a\",\"hash\":\"00\"}\n{\"v\":1}\r\u0000\u001b[2J\u202e\ud800\u2028\\é" + "x".repeat(5000);
    try (AuditLog log = TestLog.open(dir, "log")) {
      log.require(TestLog.refusal(evil));
      log.require(TestLog.event("after"));
    }
    assertThat(TestLog.verify(dir.resolve("log")).lines()).isEqualTo(3);
    byte[] raw = Files.readAllBytes(TestLog.files(dir.resolve("log")).getFirst());
    for (byte b : raw) {
      assertThat(b == '\n' || (b >= 0x20 && b <= 0x7e)).isTrue();
    }
    String reason = json(1).get("reason").stringValue();
    assertThat(reason).startsWith(evil.substring(0, 12)).hasSize(1025).endsWith("x\u2026");
  }

  @Test
  void aThousandReleasesAtOnceAreAllThereAndShareWaits() throws Exception {
    // One file holds them all: the first line of a second one would count too.
    try (AuditLog log = TestLog.open(dir, new PosixFileActions(), 16 << 20, "log");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> releases = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int number = i;
        releases.add(threads.submit(() -> log.require(TestLog.release(number))));
      }
      for (Future<?> release : releases) {
        release.get();
      }
      AuditStats stats = log.stats().orElseThrow();
      assertThat(stats.lines()).isEqualTo(1001);
      assertThat(stats.batches()).isLessThan(500);
    }
    AuditReport report = TestLog.verify(dir.resolve("log"));
    assertThat(report.lines()).isEqualTo(1001);
    assertThat(
            TestLog.lines(dir.resolve("log")).stream()
                .skip(1)
                .map(line -> JsonMapper.shared().readTree(line).at("/facts/number").stringValue()))
        .doesNotHaveDuplicates()
        .hasSize(1000);
  }

  @Test
  void aLineIsInTheFileBeforeItsReleaseMayHappen() {
    try (AuditLog log = TestLog.open(dir, "log")) {
      for (int i = 0; i < 20; i++) {
        log.require(TestLog.event("n" + i));
        assertThat(TestLog.lines(dir.resolve("log")).getLast()).contains("\"name\":\"n" + i);
      }
    }
  }

  @Test
  void beginsANewFileWhenOneIsFullAndFollowsOn() throws IOException {
    try (AuditLog log = TestLog.open(dir, new PosixFileActions(), 3000, "log")) {
      for (int i = 0; i < 12; i++) {
        log.require(TestLog.release(i));
      }
    }
    assertThat(TestLog.files(dir.resolve("log"))).hasSizeGreaterThan(3);
    AuditReport report = TestLog.verify(dir.resolve("log"));
    assertThat(report.files()).isEqualTo(TestLog.files(dir.resolve("log")).size());
    assertThat(report.lines()).isEqualTo(12 + report.files());
    for (Path file : TestLog.files(dir.resolve("log"))) {
      String first = Files.readAllLines(file).getFirst();
      assertThat(file.getFileName().toString())
          .endsWith(JsonMapper.shared().readTree(first).get("seq").intValue() + ".jsonl");
      assertThat(first).contains("file-begun");
    }
  }

  @Test
  void aFloodOfNotesIsCountedAndTheNumberRecorded() {
    AtomicReference<java.time.Instant> now = new AtomicReference<>(TestLog.CLOCK.instant());
    InstantSource clock = now::get;
    try (AuditLog log =
        TestLog.open(dir, new PosixFileActions(), 1 << 20, TestLog.quick(), clock, "log")) {
      for (int i = 0; i < 80; i++) {
        log.note(TestLog.refusal("no"));
      }
      assertThat(log.stats().orElseThrow().leftOut()).isEqualTo(30);
      log.require(TestLog.event("between"));
      log.note(TestLog.event("done"));
      now.set(now.get().plusSeconds(1));
      log.note(TestLog.refusal("later"));
    }
    List<String> lines = TestLog.lines(dir.resolve("log"));
    assertThat(lines.stream().filter(line -> line.contains("\"reason\":\"no\""))).hasSize(50);
    assertThat(lines.stream().filter(line -> line.contains("\"event\":\"left-out\",\"notes\":")))
        .isNotEmpty();
    assertThat(leftOut(lines)).isEqualTo(30);
    assertThat(lines.stream().filter(line -> line.contains("\"name\":\"done\""))).hasSize(1);
    assertThat(lines.stream().filter(line -> line.contains("\"reason\":\"later\""))).hasSize(1);
  }

  private static long leftOut(List<String> lines) {
    return lines.stream()
        .map(line -> JsonMapper.shared().readTree(line).get("facts"))
        .filter(facts -> facts.path("event").asString("").equals("left-out"))
        .mapToLong(facts -> Long.parseLong(facts.get("notes").stringValue()))
        .sum();
  }

  @Test
  void t40_keepsEverythingPrivate() throws IOException {
    TestLog.open(dir, "a", "b").close();
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.filter(p -> p.getFileName().toString().contains("audit")).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("a"))))
        .isEqualTo("rwx------");
  }

  @Test
  void refusesToOpenALogThatIsOpen() {
    try (AuditLog log = TestLog.open(dir, "log")) {
      log.require(TestLog.event("x"));
      assertThatThrownBy(() -> TestLog.open(dir, "log"))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(AuditRefusal.BUSY));
    }
    TestLog.open(dir, "log").close();
  }

  @Test
  void refusesToRecordAfterItsEnd() {
    AuditLog log = TestLog.open(dir, "log");
    log.close();
    assertThatThrownBy(() -> log.require(TestLog.event("x")))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AuditRefusal.UNWRITABLE));
    assertThatThrownBy(log::requireWritable).isInstanceOf(RefusalException.class);
  }

  private JsonNode json(int line) {
    return JsonMapper.shared().readTree(TestLog.lines(dir.resolve("log")).get(line));
  }
}
