package dstack.kms.core.store;

import java.io.IOException;

/** A change of the file system that is made as one. */
@FunctionalInterface
interface FileChange {
  void make() throws IOException;
}
