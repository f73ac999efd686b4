package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.RecordingActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T-14, T-45: whatever moment the machine stops at, what was released is in the log. */
class AuditCrashTest {
  @TempDir Path dir;

  @Test
  void t45_aCrashAtAnyStepLosesNothingThatWasReleased() throws IOException {
    assertThat(crashEverywhere("one")).isGreaterThan(60);
  }

  @Test
  void t45_aCrashAtAnyStepLosesNothingThatWasReleasedWithTwoDirectories() throws IOException {
    assertThat(crashEverywhere("one", "two")).isGreaterThan(120);
  }

  private int crashEverywhere(String... directories) throws IOException {
    Path root = Files.createDirectory(dir.resolve("recorded"));
    Files.createDirectory(root.resolve("keys"));
    RecordingActions recording = new RecordingActions(root);
    TreeMap<Integer, Integer> releasedAt = new TreeMap<>();
    try (AuditLog log = TestLog.open(root, recording, 3000, directories)) {
      for (int i = 0; i < 8; i++) {
        log.require(TestLog.release(i));
        releasedAt.put(recording.size(), i);
      }
    }
    int crashes = 0;
    for (int crash = 0; crash <= recording.size(); crash++) {
      for (int survived = recording.durableAt(crash); survived <= crash; survived++) {
        Path copy = Files.createDirectories(dir.resolve("crash-" + crash + "-" + survived));
        Files.createDirectory(copy.resolve("keys"));
        recording.replay(copy, survived, crash);
        int released = releasedAt.headMap(crash, true).size();
        assertThat(opened(copy, directories))
            .as("crash %s", crash)
            .isGreaterThanOrEqualTo(released);
        crashes++;
      }
    }
    return crashes;
  }

  /** Opens what a crash left, goes on, and says how many releases were still there. */
  private static int opened(Path root, String... directories) throws IOException {
    try (AuditLog log = TestLog.open(root, new PosixFileActions(), 3000, directories)) {
      log.require(TestLog.event("after"));
    }
    List<Long> lines = new ArrayList<>();
    for (String directory : directories) {
      lines.add(TestLog.verify(root.resolve(directory)).lines());
      assertThat(TestLog.lines(root.resolve(directory)))
          .isEqualTo(TestLog.lines(root.resolve(directories[0])));
    }
    assertThat(lines.stream().distinct()).hasSize(1);
    return (int)
        TestLog.lines(root.resolve(directories[0])).stream()
            .filter(line -> line.contains("\"kind\":\"app-key\""))
            .count();
  }
}
