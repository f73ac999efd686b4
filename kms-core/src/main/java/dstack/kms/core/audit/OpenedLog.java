package dstack.kms.core.audit;

import dstack.kms.core.file.DirectoryLock;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that was looked at and can be written.
 *
 * @param writer of its lines
 * @param key that signs them
 * @param locks of its directories
 */
record OpenedLog(LogWriter writer, AuditKey key, List<DirectoryLock> locks)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenedLog.class);

  @Override
  public void close() {
    writer.close();
    key.close();
    release(locks);
  }

  static void release(List<DirectoryLock> locks) {
    for (DirectoryLock lock : locks) {
      try {
        lock.close();
      } catch (IOException e) {
        LOG.warn("audit log: a lock was not given back", e);
      }
    }
  }
}
