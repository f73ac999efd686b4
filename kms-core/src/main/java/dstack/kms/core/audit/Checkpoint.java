package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the log had come at some moment, signed: a log that is shorter was cut off. The file
 * {@code audit.head} beside the lines.
 */
record Checkpoint(AuditHead head, AuditPublicKey key, EcdsaSignature signature) {
  static final String FILE = "audit.head";

  private static final Pattern TEXT =
      Pattern.compile(
          "\\{\"v\":1,\"seq\":(0|[1-9][0-9]{0,17}),\"hash\":\"([0-9a-f]{64})\","
              + "\"key\":\"([0-9a-f]{182})\",\"sig\":\"((?:[0-9a-f]{2}){8,72})\"\\}\n");
  private static final int LONGEST = 4096;

  Bytes encode() {
    return Bytes.utf8(
        "{\"v\":1,\"seq\":"
            + head.sequence()
            + ",\"hash\":\""
            + head.hash().hex()
            + "\",\"key\":\""
            + key.key().subjectPublicKeyInfo().hex()
            + "\",\"sig\":\""
            + signature.toDer().hex()
            + "\"}\n");
  }

  /**
   * What lies in this directory, if anything; refuses what is there and does not hold under its own
   * key.
   */
  static Optional<Checkpoint> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LONGEST) {
      throw broken(file);
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return Optional.of(parse(text).orElseThrow(() -> broken(file)));
  }

  private static Optional<Checkpoint> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    AuditHead head =
        new AuditHead(Long.parseLong(matcher.group(1)), Bytes.fromHex(matcher.group(2)));
    Optional<EcdsaSignature> signature = EcdsaSignature.fromDer(Bytes.fromHex(matcher.group(4)));
    return P256PublicKey.fromSubjectPublicKeyInfo(Bytes.fromHex(matcher.group(3)))
        .map(AuditPublicKey::new)
        .flatMap(key -> signature.map(s -> new Checkpoint(head, key, s)))
        .filter(checkpoint -> checkpoint.key().signed(head, checkpoint.signature()));
  }

  private static RefusalException broken(Path file) {
    return new RefusalException(
        AuditRefusal.CHANGED, "the checkpoint of the audit log was changed: " + file);
  }
}
