package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The audit log: {@code [core.audit]}.
 *
 * @param enabled whether there is one; without it nothing is recorded and nothing waits for it
 * @param directories where it is kept, each place the whole log; a release needs one of them to
 *     take its line
 * @param maxSegment how many bytes one file may have before the next is begun
 */
public record AuditConfig(boolean enabled, List<Path> directories, long maxSegment) {
  private static final int MIB = 1 << 20;
  private static final long SEGMENT = 64L * MIB;

  public AuditConfig {
    directories = List.copyOf(directories);
  }

  /** A log in that directory alone, of files of the usual size. */
  public static AuditConfig in(Path directory) {
    return new AuditConfig(true, List.of(directory), SEGMENT);
  }

  static AuditConfig read(Section audit, Path certDir) {
    boolean enabled = audit.flag("enabled", true);
    List<Path> named = audit.list("directories", AuditConfig::directory, Path::toString);
    List<Path> directories = named.isEmpty() ? List.of(certDir.resolve("audit")) : named;
    long maxSegment = audit.size("max_segment", SEGMENT);
    if (maxSegment < MIB) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE, audit.where("max_segment") + " must be at least 1 MiB");
    }
    return new AuditConfig(enabled, directories, maxSegment);
  }

  private static Path directory(String text) {
    if (text.isBlank()) {
      throw ConfigText.bad("must name directories");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw ConfigText.bad("must name directories");
    }
  }
}
