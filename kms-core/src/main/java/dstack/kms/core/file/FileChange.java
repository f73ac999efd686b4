package dstack.kms.core.file;

import java.io.IOException;

/** A change of the file system that is made as one. */
@FunctionalInterface
public interface FileChange {
  void make() throws IOException;
}
