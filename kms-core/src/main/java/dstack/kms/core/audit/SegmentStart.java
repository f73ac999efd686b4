package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a file, which names the key that all its lines hold under. */
final class SegmentStart {
  private static final Pattern KEY =
      Pattern.compile("\"facts\":\\{\"event\":\"file-begun\",\"key\":\"([0-9a-f]{182})\"\\}");

  private SegmentStart() {}

  static AuditEvent naming(AuditPublicKey key) {
    return AuditEvent.done(
        AuditKind.LOG,
        Map.of("event", "file-begun", "key", key.key().subjectPublicKeyInfo().hex()));
  }

  static boolean names(Bytes line, AuditPublicKey key) {
    return key(line).filter(key::equals).isPresent();
  }

  /** The key that a file's first line names. */
  static Optional<AuditPublicKey> key(Segment segment) throws IOException {
    try (LineReader reader = new LineReader(segment.file())) {
      return reader.next().flatMap(piece -> key(piece.content()));
    }
  }

  /** The key that a line names; whether it holds under it is another question. */
  static Optional<AuditPublicKey> key(Bytes line) {
    Matcher matcher = KEY.matcher(line.utf8Text());
    return matcher.find()
        ? P256PublicKey.fromSubjectPublicKeyInfo(Bytes.fromHex(matcher.group(1)))
            .map(AuditPublicKey::new)
        : Optional.empty();
  }
}
