package dstack.kms.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class DiskReasonTest {
  @Test
  void saysWhatTheKernelSaidAndNoPath() {
    String full = "No space left on device";
    assertThat(DiskReason.of(new IOException(full))).isEqualTo(full);
    assertThat(DiskReason.of(new FileSystemException("/keys", "/other", full))).isEqualTo(full);
    assertThat(DiskReason.of(new NoSuchFileException("/keys"))).doesNotContain("/keys");
    assertThat(DiskReason.of(new AccessDeniedException("/keys"))).isEqualTo("Permission denied");
  }

  @Test
  void saysThatItFailedWhenThereAreNoWords() {
    assertThat(DiskReason.of(new IOException())).isEqualTo("it failed");
    assertThat(DiskReason.of(new FileSystemException("/keys"))).isEqualTo("it failed");
  }
}
