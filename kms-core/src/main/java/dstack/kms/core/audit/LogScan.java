package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one directory holds, every line of it looked at.
 *
 * @param parts its files, each with the length up to which it is good
 * @param head the last good line
 * @param torn where the last file stops being good, if it does
 * @param backup when root keys were backed up last, as far as it says
 */
record LogScan(
    List<Part> parts, Optional<AuditHead> head, Optional<Part> torn, Optional<Instant> backup) {
  /** One file, good up to so many bytes. */
  record Part(Segment segment, long length) {}

  /** Where in a directory to begin, and what is known of it. */
  record Known(AuditPublicKey key, Witnesses witnesses, long signedThrough, long checkpoint) {}

  LogScan {
    parts = List.copyOf(parts);
  }

  /**
   * Looks at all files; refuses what cannot have come about by a crash.
   *
   * @param known what a crash cannot have undone
   */
  static LogScan of(List<Segment> segments, Known known) throws IOException {
    if (segments.isEmpty()) {
      return new LogScan(List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    long first = segments.getFirst().first();
    Chain chain = new Chain(known.key(), known.witnesses(), first, known.signedThrough());
    List<Part> parts = new ArrayList<>();
    Optional<Part> torn = Optional.empty();
    for (Segment segment : segments) {
      if (segment.first() != chain.next()) {
        throw changed(chain.next(), "the next file is " + segment.name());
      }
      boolean last = segment.equals(segments.getLast());
      long good = follow(segment, chain, known, last);
      Part part = new Part(segment, good);
      if (good > 0) {
        parts.add(part);
      }
      if (good == 0 || good < Files.size(segment.file())) {
        torn = Optional.of(part);
      }
    }
    return new LogScan(parts, chain.head(), torn, chain.backup());
  }

  private static long follow(Segment segment, Chain chain, Known known, boolean last)
      throws IOException {
    try (LineReader reader = new LineReader(segment.file())) {
      for (Optional<LineReader.Piece> piece = reader.next(); ; piece = reader.next()) {
        if (piece.isEmpty()) {
          return end(segment, chain, last);
        }
        LineReader.Piece line = piece.get();
        Optional<String> fault =
            line.ended() ? take(line, chain, known) : Optional.of("it is not whole");
        if (fault.isPresent()) {
          boolean possible = last && chain.next() > known.checkpoint() && looksTorn(line);
          if (!possible || laterBatchFollows(reader, chain)) {
            throw changed(chain.next(), fault.get());
          }
          return line.offset();
        }
      }
    }
  }

  private static long end(Segment segment, Chain chain, boolean last) throws IOException {
    long size = Files.size(segment.file());
    if (size == 0 && !last) {
      throw changed(chain.next(), segment.name() + " is empty");
    }
    return size;
  }

  private static Optional<String> take(LineReader.Piece line, Chain chain, Known known) {
    return line.offset() == 0 && !SegmentStart.names(line.content(), known.key())
        ? Optional.of("it does not begin a file with the key")
        : chain.take(line.content());
  }

  /** A disk that lost power leaves zeros where it had not written yet, or nothing. */
  private static boolean looksTorn(LineReader.Piece piece) {
    return !piece.ended() || piece.content().utf8Text().indexOf('\0') >= 0;
  }

  private static boolean laterBatchFollows(LineReader reader, Chain chain) throws IOException {
    for (Optional<LineReader.Piece> piece = reader.next();
        piece.isPresent();
        piece = reader.next()) {
      Bytes content = piece.get().content();
      if (chain.isOfLaterBatch(content)) {
        return true;
      }
    }
    return false;
  }

  static RefusalException changed(long line, String why) {
    return new RefusalException(
        AuditRefusal.CHANGED, "the audit log was changed at line " + line + ": " + why);
  }
}
