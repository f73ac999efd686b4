package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.file.PosixFileActions;
import dstack.kms.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-45 with a real process that is killed at its system calls. */
@Timeout(900)
class AuditKillTest {
  private static final Map<String, Integer> CALLS_AND_STRIDES =
      Map.of("mkdir", 1, "write", 4, "fsync", 2, "rename", 1);

  @TempDir Path dir;

  @Test
  void t45_aProcessKilledAtAnyCallLosesNothingThatItReleased() throws Exception {
    Path strace = Tool.require("strace");
    int kills = 0;
    for (Map.Entry<String, Integer> call : CALLS_AND_STRIDES.entrySet()) {
      int number = 1;
      while (kill(strace, call.getKey(), number)) {
        kills++;
        number += call.getValue();
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(15);
  }

  /** Whether there was such a call to be killed at. */
  private boolean kill(Path strace, String call, int number) throws Exception {
    Path root = Files.createDirectories(dir.resolve(call + number));
    List<String> killer =
        List.of(
            strace.toString(),
            "-f",
            "-qq",
            "-o",
            dir.resolve("trace").toString(),
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=SIGKILL:when=" + number);
    AuditProcess.Ended ended = AuditProcess.run(killer, root, dir);
    try (AuditLog log = TestLog.open(root, new PosixFileActions(), 3000, "log")) {
      log.require(TestLog.event("after"));
    }
    TestLog.verify(root.resolve("log"));
    assertThat(TestLog.lines(root.resolve("log")).stream().filter(l -> l.contains("app-key")))
        .hasSizeGreaterThanOrEqualTo(ended.released());
    return ended.status() != 0;
  }

  @Test
  void anotherProcessCannotWriteTheSameLog() throws Exception {
    try (AuditLog log = TestLog.open(dir, new PosixFileActions(), 3000, "log")) {
      log.require(TestLog.event("mine"));
      AuditProcess.Ended ended = AuditProcess.run(List.of(), dir, dir);
      assertThat(ended).isEqualTo(new AuditProcess.Ended(1, 0));
      assertThat(dir.resolve("errors")).content().contains("another server writes the audit log");
    }
    assertThat(AuditProcess.run(List.of(), dir, dir).status()).isZero();
  }
}
