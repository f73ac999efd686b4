package dstack.kms.core.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** The kernel's few words for why a disk did not do something: no path, no class name. */
final class DiskReason {
  private DiskReason() {}

  /** For example "No space left on device". */
  static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemException known -> Objects.requireNonNullElse(known.getReason(), "it failed");
      default -> Objects.requireNonNullElse(failure.getMessage(), "it failed");
    };
  }
}
