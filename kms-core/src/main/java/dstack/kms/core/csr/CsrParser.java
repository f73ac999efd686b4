package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.scale.ScaleReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the two SCALE layouts of a request. */
final class CsrParser {
  /** For each text; the names that matter are far shorter. */
  private static final int MAX_TEXT = 4096;

  private static final int MAX_ALT_NAMES = 256;
  private static final int MAX_PUBLIC_KEY = 4096;

  /** The limit of a whole request body. */
  private static final int MAX_EVIDENCE = 10 << 20;

  /** The last second of the year 9999, the last that a certificate can name. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private CsrParser() {}

  static CsrParts version1(Bytes csr) {
    ScaleReader reader = new ScaleReader(csr);
    String confirm = reader.readString(MAX_TEXT);
    Bytes publicKey = reader.readBytes(MAX_PUBLIC_KEY);
    CsrConfig config = config(reader, false);
    CsrEvidence evidence =
        new CsrEvidence.QuoteAndEventLog(
            reader.readBytes(MAX_EVIDENCE), reader.readBytes(MAX_EVIDENCE));
    reader.expectEnd();
    return new CsrParts(confirm, publicKey, config, evidence);
  }

  static CsrParts version2(Bytes csr) {
    ScaleReader reader = new ScaleReader(csr);
    String confirm = reader.readString(MAX_TEXT);
    Bytes publicKey = reader.readBytes(MAX_PUBLIC_KEY);
    CsrConfig config = config(reader, true);
    return new CsrParts(confirm, publicKey, config, new CsrEvidence.Attestation(reader.readRest()));
  }

  private static CsrConfig config(ScaleReader reader, boolean version2) {
    Optional<String> organization = reader.readOption(() -> reader.readString(MAX_TEXT));
    String subject = reader.readString(MAX_TEXT);
    List<String> altNames = reader.readVec(MAX_ALT_NAMES, () -> reader.readString(MAX_TEXT));
    return new CsrConfig(
        organization.orElse(null),
        subject,
        altNames,
        reader.readBool(),
        reader.readBool(),
        reader.readBool(),
        version2 && reader.readBool(),
        version2 ? time(reader) : null,
        version2 ? time(reader) : null);
  }

  private static @Nullable Instant time(ScaleReader reader) {
    return reader.readOption(reader::readU64).map(CsrParser::instant).orElse(null);
  }

  private static Instant instant(long seconds) {
    if (seconds < 0 || seconds > LAST_SECOND) {
      throw new RefusalException(
          CsrRefusal.VALIDITY, "time out of range: " + Long.toUnsignedString(seconds));
    }
    return Instant.ofEpochSecond(seconds);
  }
}
