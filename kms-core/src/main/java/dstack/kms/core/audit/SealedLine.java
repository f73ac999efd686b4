package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as it lies in a file, taken apart as far as the chain needs it. Its hash is that of its
 * body; nothing is known yet of its signature and its place.
 *
 * @param body everything before the hash
 * @param backup when root keys were backed up, if the line says so
 */
record SealedLine(
    long sequence,
    long batch,
    String node,
    Bytes previous,
    Bytes body,
    Bytes hash,
    EcdsaSignature signature,
    Optional<Instant> backup) {
  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final Pattern BEGINNING =
      Pattern.compile(
          "\\{\"v\":1,\"seq\":"
              + NUMBER
              + ",\"batch\":"
              + NUMBER
              + ",\"time\":\"([0-9TZ:.+-]{20,30})\",\"node\":\"([0-9a-f]{16})\",");
  private static final Pattern BACKUP =
      Pattern.compile("\"kind\":\"backup\",\"outcome\":\"allowed\",");
  private static final String HASH = ",\"hash\":\"";
  private static final Pattern END =
      Pattern.compile(",\"hash\":\"([0-9a-f]{64})\",\"sig\":\"((?:[0-9a-f]{2}){8,72})\"\\}");
  private static final Pattern PREVIOUS = Pattern.compile(",\"prev\":\"([0-9a-f]{64})\"");
  private static final int PREVIOUS_LENGTH = 74;

  /** The line, if it is one of ours in form and its hash is right; without its line feed. */
  static Optional<SealedLine> parse(Bytes line) {
    String text = new String(line.toArray(), StandardCharsets.ISO_8859_1);
    int bodyEnd = text.lastIndexOf(HASH);
    if (bodyEnd < PREVIOUS_LENGTH || !isPrintable(text)) {
      return Optional.empty();
    }
    Matcher beginning = BEGINNING.matcher(text);
    Matcher end = END.matcher(text.substring(bodyEnd));
    Matcher previous = PREVIOUS.matcher(text.substring(bodyEnd - PREVIOUS_LENGTH, bodyEnd));
    if (!beginning.lookingAt() || !end.matches() || !previous.matches()) {
      return Optional.empty();
    }
    Bytes body = line.slice(0, bodyEnd);
    Bytes hash = Bytes.fromHex(end.group(1));
    if (!Digests.sha256(body).equals(hash)) {
      return Optional.empty();
    }
    return EcdsaSignature.fromDer(Bytes.fromHex(end.group(2)))
        .map(
            signature ->
                new SealedLine(
                    Long.parseLong(beginning.group(1)),
                    Long.parseLong(beginning.group(2)),
                    beginning.group(4),
                    Bytes.fromHex(previous.group(1)),
                    body,
                    hash,
                    signature,
                    backup(text, beginning)));
  }

  /** What stands behind the beginning is of our own making: texts have their quotes escaped. */
  private static Optional<Instant> backup(String text, Matcher beginning) {
    if (!BACKUP.matcher(text).region(beginning.end(), text.length()).lookingAt()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(beginning.group(3)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(unit -> unit >= 0x20 && unit <= 0x7e);
  }

  /** The line of this body, with its line feed. */
  static Bytes encode(Bytes body, Bytes hash, EcdsaSignature signature) {
    return Bytes.concat(
        body, Bytes.utf8(HASH + hash.hex() + "\",\"sig\":\"" + signature.toDer().hex() + "\"}\n"));
  }

  AuditHead head() {
    return new AuditHead(sequence, hash);
  }
}
