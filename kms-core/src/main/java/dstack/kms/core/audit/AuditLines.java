package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Reads the lines of a log as they are, without verifying them. */
public final class AuditLines {
  private final Path directory;
  private String file = "";
  private long offset;

  /** The log in that directory. */
  public AuditLines(Path directory) {
    this.directory = directory;
  }

  /** The last whole lines, at most so many; later calls of {@link #more} go on from there. */
  public List<String> last(int lines) {
    Deque<String> kept = new ArrayDeque<>();
    for (String line : more()) {
      kept.addLast(line);
      if (kept.size() > lines) {
        kept.removeFirst();
      }
    }
    return List.copyOf(kept);
  }

  /** The whole lines that have come since the last call. */
  public List<String> more() {
    try {
      List<String> lines = new ArrayList<>();
      for (Segment segment : segments()) {
        if (segment.name().compareTo(file) >= 0) {
          read(segment, lines);
        }
      }
      return lines;
    } catch (IOException e) {
      throw RefusalException.causedBy(
          AuditRefusal.FAILED, "cannot read the audit log in " + directory, e);
    }
  }

  private List<Segment> segments() throws IOException {
    List<Segment> segments =
        Files.isDirectory(directory) ? Segment.in(directory) : List.<Segment>of();
    if (segments.isEmpty()) {
      throw new RefusalException(AuditRefusal.MISSING, "there is no audit log in " + directory);
    }
    return segments;
  }

  private void read(Segment segment, List<String> lines) throws IOException {
    if (!segment.name().equals(file)) {
      file = segment.name();
      offset = 0;
    }
    try (LineReader reader = new LineReader(segment.file(), offset)) {
      for (Optional<LineReader.Piece> piece = reader.next();
          piece.filter(LineReader.Piece::ended).isPresent();
          piece = reader.next()) {
        lines.add(piece.get().content().utf8Text());
        offset += piece.get().content().length() + 1L;
      }
    }
  }
}
