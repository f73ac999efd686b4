package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.file.PosixFileActions;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log is verified as the reference says, with jq, openssl and coreutils instead of our code. */
@Timeout(300)
class AuditByOthersTest {
  @TempDir Path dir;
  private Path log;

  @BeforeEach
  void aLog() {
    log = dir.resolve("log");
    try (AuditLog open = TestLog.open(dir, new PosixFileActions(), 3000, "log")) {
      open.require(TestLog.release(1));
      open.require(TestLog.refusal("no: \"\\ \n\u0007 \u20ac \ud83d\ude00 ,\"hash\":\"00\"}"));
      open.require(TestLog.release(2));
    }
  }

  private record Answer(int status, String out) {}

  private Answer script() throws IOException, InterruptedException {
    for (String tool : List.of("jq", "openssl", "basenc", "sha256sum")) {
      Tool.require(tool);
    }
    String reference = Files.readString(ProjectRoot.path().resolve("docs/reference/audit-log.md"));
    int begin = reference.indexOf("```bash\n") + 8;
    Path script = dir.resolve("verify.sh");
    Files.writeString(script, reference.substring(begin, reference.indexOf("```", begin)));
    Process process =
        new ProcessBuilder("bash", "-eu", script.toString())
            .directory(log.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Answer(process.exitValue(), out);
  }

  @Test
  void aStrangerVerifiesEveryLineAndFindsTheSameHead() throws Exception {
    AuditReport report = TestLog.verify(log);
    assertThat(report.files()).isGreaterThan(1);
    assertThat(script())
        .isEqualTo(
            new Answer(0, report.head().sequence() + ":" + report.head().hash().hex() + "\n"));
  }

  @Test
  void t45_aStrangerFindsAChangeToo() throws Exception {
    Path file = TestLog.files(log).getFirst();
    Files.writeString(file, Files.readString(file).replace("\"number\":\"1\"", "\"number\":\"3\""));
    assertThat(script().status()).isEqualTo(1);
  }
}
