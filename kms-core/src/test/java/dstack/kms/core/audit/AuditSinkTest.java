package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.audit.BreakableActions.Fault;
import dstack.kms.core.file.FaultyActions;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-45: disks that are full, broken or hang. */
@Timeout(120)
class AuditSinkTest {
  private final BreakableActions disks = new BreakableActions();
  @TempDir Path dir;

  private AuditLog open(String... directories) {
    return TestLog.open(dir, disks, 1 << 20, directories);
  }

  @Test
  void t45_refusesWhileTheOnlyDiskIsFullAndGoesOnWhenItIsNot() throws Exception {
    try (AuditLog log = open("a")) {
      log.require(TestLog.event("before"));
      disks.breakDirectory(dir.resolve("a"), Fault.FULL);
      for (int i = 0; i < 3; i++) {
        assertUnwritable(() -> log.require(TestLog.event("during")));
      }
      assertUnwritable(log::requireWritable);
      assertThat(log.stats().orElseThrow().failed()).containsOnlyKeys(0);
      disks.mend(dir.resolve("a"));
      await(() -> log.stats().orElseThrow().failed().isEmpty());
      log.requireWritable();
      log.require(TestLog.event("after"));
    }
    assertThat(TestLog.verify(dir.resolve("a")).lines()).isEqualTo(5);
    assertThat(TestLog.lines(dir.resolve("a")).get(3))
        .contains("\"event\":\"resumed\",\"refused-from\":\"2\",\"refused-to\":\"2\"");
    assertThat(TestLog.lines(dir.resolve("a")).get(4)).contains("after");
    TestLog.open(dir, "a").close();
  }

  @Test
  void t45_refusesUntilRestartWhenADiskCannotSayWhatItKept() {
    try (AuditLog log = open("a")) {
      disks.breakDirectory(dir.resolve("a"), Fault.SYNC);
      assertUnwritable(() -> log.require(TestLog.event("x")));
      disks.mend(dir.resolve("a"));
      assertUnwritable(() -> log.require(TestLog.event("y")));
      assertThat(log.stats().orElseThrow().troubles().getFirst()).contains("Input/output error");
    }
    try (AuditLog log = open("a")) {
      log.require(TestLog.event("z"));
    }
    assertThat(TestLog.verify(dir.resolve("a")).lines()).isEqualTo(3);
  }

  @Test
  void t45_aSecondDirectoryKeepsServiceAndTheFirstIsCompletedAtTheNextStart() {
    for (Fault fault : List.of(Fault.FULL, Fault.SYNC)) {
      try (AuditLog log = open("a", "b")) {
        disks.breakDirectory(dir.resolve("a"), fault);
        for (int i = 0; i < 12; i++) {
          log.require(TestLog.event(fault + " " + i));
        }
        log.requireWritable();
        assertThat(log.stats().orElseThrow().failed()).containsOnlyKeys(0);
        disks.mend(dir.resolve("a"));
        log.require(TestLog.event("mended"));
        assertThat(log.stats().orElseThrow().failed()).containsOnlyKeys(0);
      }
      long longest = TestLog.lines(dir.resolve("b")).size();
      assertThat(TestLog.lines(dir.resolve("a")).size()).isLessThan((int) longest);
      open("a", "b").close();
      assertThat(TestLog.verify(dir.resolve("a"))).isEqualTo(TestLog.verify(dir.resolve("b")));
      assertThat(TestLog.lines(dir.resolve("a")).getLast()).contains("\"event\":\"completed\"");
    }
  }

  @Test
  void t45_aDiskThatHangsHoldsUpOneReleaseAtMostAndNoDirectoryButItself() {
    AuditSettings settings =
        new AuditSettings(
            Duration.ofSeconds(20),
            Duration.ofMillis(200),
            64,
            50,
            1000,
            Duration.ofMillis(20),
            Duration.ofSeconds(1));
    try (AuditLog log = TestLog.open(dir, disks, 1 << 20, settings, TestLog.CLOCK, "a", "b")) {
      disks.breakDirectory(dir.resolve("a"), Fault.HANGS);
      long begin = System.nanoTime();
      for (int i = 0; i < 30; i++) {
        log.require(TestLog.event("n" + i));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
      assertThat(log.stats().orElseThrow().failed()).containsOnlyKeys(0);
      disks.mend(dir.resolve("a"));
    }
    assertThat(TestLog.verify(dir.resolve("b")).lines()).isEqualTo(31);
  }

  @Test
  void t45_aReleaseThatWaitedTooLongIsRefused() {
    AuditSettings settings =
        new AuditSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            64,
            50,
            1000,
            Duration.ofMillis(20),
            Duration.ofSeconds(1));
    try (AuditLog log = TestLog.open(dir, disks, 1 << 20, settings, TestLog.CLOCK, "a")) {
      disks.breakDirectory(dir.resolve("a"), Fault.HANGS);
      assertUnwritable(() -> log.require(TestLog.event("slow")));
      disks.mend(dir.resolve("a"));
    }
  }

  @Test
  void sharesOneSyncBetweenAllThatWaited() throws Exception {
    try (AuditLog log = open("a")) {
      disks.breakDirectory(dir.resolve("a"), Fault.HANGS);
      CountDownLatch done = new CountDownLatch(41);
      int queuedSyncs = disks.syncs();
      Thread.ofVirtual().start(() -> recordThen(log, done));
      await(() -> disks.syncs() > queuedSyncs);
      for (int i = 0; i < 40; i++) {
        Thread.ofVirtual().start(() -> recordThen(log, done));
      }
      await(() -> log.stats().orElseThrow().queued() == 40);
      long batches = log.stats().orElseThrow().batches();
      disks.mend(dir.resolve("a"));
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(log.stats().orElseThrow().batches() - batches).isEqualTo(2);
    }
  }

  private static void recordThen(AuditLog log, CountDownLatch done) {
    log.require(TestLog.event("x"));
    done.countDown();
  }

  @Test
  void t45_refusesTwoDirectoriesThatHoldDifferentLogsAndOverwritesNothing() throws IOException {
    open("a", "b").close();
    TestLog.copy(dir.resolve("a"), dir.resolve("saved"));
    try (AuditLog log = open("a")) {
      log.require(TestLog.event("one"));
    }
    try (AuditLog log = open("b")) {
      log.require(TestLog.event("other"));
      log.require(TestLog.event("more"));
    }
    List<String> before = TestLog.lines(dir.resolve("a"));
    assertThatThrownBy(() -> open("a", "b")).isInstanceOf(RefusalException.class);
    Files.delete(dir.resolve("a/audit.head"));
    Files.copy(dir.resolve("saved/audit.head"), dir.resolve("a/audit.head"));
    assertThatThrownBy(() -> open("a", "b"))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isIn(AuditRefusal.DIVERGED, AuditRefusal.CHANGED));
    assertThat(TestLog.lines(dir.resolve("a"))).isEqualTo(before);
  }

  @Test
  void fillsADirectoryThatIsNewOrLost() throws IOException {
    try (AuditLog log = TestLog.open(dir, disks, 3000, "a")) {
      for (int i = 0; i < 9; i++) {
        log.require(TestLog.release(i));
      }
    }
    TestLog.open(dir, disks, 3000, "a", "b").close();
    assertThat(TestLog.verify(dir.resolve("b"))).isEqualTo(TestLog.verify(dir.resolve("a")));
    try (Stream<Path> all = Files.list(dir.resolve("a"))) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
    TestLog.open(dir, disks, 3000, "a", "b").close();
    assertThat(TestLog.verify(dir.resolve("a"))).isEqualTo(TestLog.verify(dir.resolve("b")));
  }

  /** Whatever single step fails, a line that was taken is there and the log goes on afterwards. */
  @Test
  void t45_aFailureOfAnySingleStepLosesNothingThatWasReleased() {
    int steps = 0;
    for (int failing = 1; failing < 60; failing++) {
      Path root = dir.resolve("step-" + failing);
      List<String> released = new ArrayList<>();
      FileActions once = new FaultyActions(new PosixFileActions(), failing);
      try (AuditLog log = TestLog.open(root, once, 2000, "a")) {
        for (int i = 0; i < 8; i++) {
          if (takes(log, "n" + i)) {
            released.add("n" + i);
          } else {
            steps++;
          }
        }
      } catch (RefusalException e) {
        steps++;
        assertThat(released).isEmpty();
      }
      try (AuditLog log = TestLog.open(root, new PosixFileActions(), 2000, "a")) {
        log.require(TestLog.event("after"));
      }
      TestLog.verify(root.resolve("a"));
      String all = String.join("\n", TestLog.lines(root.resolve("a")));
      released.forEach(name -> assertThat(all).contains("\"" + name + "\""));
    }
    assertThat(steps).isGreaterThan(20);
  }

  private static boolean takes(AuditLog log, String name) {
    try {
      log.require(TestLog.event(name));
      return true;
    } catch (RefusalException e) {
      return false;
    }
  }

  private static void assertUnwritable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AuditRefusal.UNWRITABLE));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
