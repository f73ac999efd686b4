package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The end of a log, where lines get their number and their place. Used by one thread. */
final class LogTip {
  private final AuditKey key;
  private final InstantSource clock;
  private final long maxSegment;
  private long next;
  private Bytes previous;
  private String file;
  private long size;

  /**
   * @param end the last line and the file that it stands in
   */
  LogTip(AuditKey key, InstantSource clock, long maxSegment, LogEnd end) {
    this.key = key;
    this.clock = clock;
    this.maxSegment = maxSegment;
    next = end.last() + 1;
    previous = end.hash();
    file = end.file();
    size = end.size();
  }

  /** Makes lines of the events, of which there is at least one unless a file is to be begun. */
  Batch lines(List<AuditEvent> events) {
    boolean begins = file.isEmpty() || size >= maxSegment;
    List<AuditEvent> all = new ArrayList<>();
    if (begins) {
      all.add(SegmentStart.naming(key.publicKey()));
      file = Segment.name(next);
      size = 0;
    }
    all.addAll(events);
    long first = next;
    Bytes[] lines = all.stream().map(event -> line(event, first)).toArray(Bytes[]::new);
    Bytes content = Bytes.concat(lines);
    size += content.length();
    return new Batch(file, begins, first, new AuditHead(next - 1, previous), content);
  }

  /** Whether the next lines begin a file, so that there are some without any event. */
  boolean isAtStart() {
    return file.isEmpty();
  }

  private Bytes line(AuditEvent event, long batch) {
    AuditKey.Sealed sealed =
        key.seal(new LineBody(next, batch, clock.instant(), key.publicKey().id(), event, previous));
    next++;
    previous = sealed.hash();
    return sealed.content();
  }
}
