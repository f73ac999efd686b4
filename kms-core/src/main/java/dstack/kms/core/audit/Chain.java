package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a log line by line and finds the first that is not the one that was written there. */
final class Chain {
  /** What the first line of all names as the hash of the line before. */
  static final Bytes BEGINNING = Bytes.zeros(32);

  private final AuditPublicKey key;
  private final String node;
  private final Witnesses witnesses;
  private final long signedThrough;
  private long next;
  private @Nullable Bytes previous;
  private Optional<Instant> backup = Optional.empty();

  /**
   * @param first the number of the first line; the hash before it is known if that is 0
   * @param signedThrough up to this line a signed checkpoint, which is a witness, stands for the
   *     signatures
   */
  Chain(AuditPublicKey key, Witnesses witnesses, long first, long signedThrough) {
    this.key = key;
    node = key.id();
    this.witnesses = witnesses;
    this.signedThrough = signedThrough;
    next = first;
    previous = first == 0 ? BEGINNING : null;
  }

  /** The number of the line that is to come. */
  long next() {
    return next;
  }

  /** The last line; empty before the first. */
  Optional<AuditHead> head() {
    return previous == null || previous.equals(BEGINNING)
        ? Optional.empty()
        : Optional.of(new AuditHead(next - 1, previous));
  }

  /** When root keys were backed up last, as far as the lines so far say. */
  Optional<Instant> backup() {
    return backup;
  }

  /** Takes the line if it is the next one; else what is wrong with it. */
  Optional<String> take(Bytes content) {
    Optional<SealedLine> parsed = SealedLine.parse(content);
    if (parsed.isEmpty()) {
      return Optional.of("it is not what its hash says");
    }
    SealedLine line = parsed.get();
    Optional<String> fault = fault(line);
    if (fault.isEmpty()) {
      previous = line.hash();
      backup = line.backup().or(() -> backup);
      next++;
    }
    return fault;
  }

  private Optional<String> fault(SealedLine line) {
    if (line.sequence() != next) {
      return Optional.of("line " + line.sequence() + " stands there");
    }
    if (previous != null && !previous.equals(line.previous())) {
      return Optional.of("it does not follow the line before");
    }
    if (!line.node().equals(node)) {
      return Optional.of("it is of another key, " + line.node());
    }
    if (next > signedThrough && !key.signed(line)) {
      return Optional.of("its signature does not hold");
    }
    if (witnesses.contradict(line)) {
      return Optional.of("another line was known to stand there");
    }
    return Optional.empty();
  }

  /** Whether the bytes are a line that was begun after all up to the next one were durable. */
  boolean isOfLaterBatch(Bytes content) {
    return SealedLine.parse(content)
        .filter(line -> line.batch() > next && key.signed(line))
        .isPresent();
  }
}
