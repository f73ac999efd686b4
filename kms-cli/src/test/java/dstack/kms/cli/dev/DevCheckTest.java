package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole server on each simulated platform, and an enclave of that platform that asks it. */
final class DevCheckTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tdx", "gcp-tdx", "nitro", "nitro-tpm", "sev-snp"})
  void releasesKeysToItsOwnPlatformAndToNoFaultyGuest(String platform) {
    Run run =
        Run.of("dev", "--check", "--platform", platform, "--dir", folder.toString(), "--port", "0");

    assertThat(run.out()).as(run.err()).contains(" 0 failed").doesNotContain("FAILED");
    assertThat(run.out())
        .contains("ok      the vendors' roots refuse that evidence")
        .contains("gets no keys");
    assertThat(run.status()).isZero();
  }
}
