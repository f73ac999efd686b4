package dstack.kms.attest.tpm.gcp;

import dstack.kms.attest.eventlog.PcrLog;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file in which the kernel shows the TPM's boot log (specification 14 §2.2, §2.3).
 *
 * @param file usually {@link #KERNEL_FILE}
 */
public record TpmBootLog(Path file) {
  /** Where the kernel shows it. */
  public static final Path KERNEL_FILE =
      Path.of("/sys/kernel/security/tpm0/binary_bios_measurements");

  /** The most bytes that are read. */
  static final int MAX_LENGTH = 4 << 20;

  /** The SHA-256 digest of every measured event, in the order of the log. */
  public List<TpmQuote.TpmEvent> read() {
    try {
      return PcrLog.parse(content()).sha256Digests().stream()
          .map(event -> new TpmQuote.TpmEvent(event.register(), event.digest()))
          .toList();
    } catch (RefusalException e) {
      throw new RefusalException(TpmRefusal.BOOT_LOG, "TPM boot log: " + e.text(), e.detail());
    }
  }

  private Bytes content() {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] content = stream.readNBytes(MAX_LENGTH + 1);
      if (content.length > MAX_LENGTH) {
        throw TpmRefusal.BOOT_LOG.because("more than " + MAX_LENGTH + " bytes");
      }
      return Bytes.of(content);
    } catch (IOException e) {
      throw RefusalException.causedBy(TpmRefusal.BOOT_LOG, "cannot be read", e);
    }
  }
}
