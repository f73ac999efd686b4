package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Objects;

/**
 * A quote whose layout was understood and of which nothing was checked (specification 11 §1–§3).
 *
 * <p>Bytes after the signature data are kept in {@link #raw()} and ignored: real quotes are padded
 * with zeros, and padding is not signed.
 */
public final class UnverifiedQuote {
  private static final int SIGNED_WITHOUT_BODY_V5 = QuoteHeader.LENGTH + 6;

  private final Bytes raw;
  private final QuoteHeader header;
  private final QuoteReport report;
  private final Bytes signedPart;
  private final QuoteSignatureData signatureData;

  private UnverifiedQuote(
      Bytes raw,
      QuoteHeader header,
      QuoteReport report,
      int signedLength,
      QuoteSignatureData signatureData) {
    this.raw = raw;
    this.header = header;
    this.report = report;
    this.signedPart = raw.slice(0, signedLength);
    this.signatureData = signatureData;
  }

  /**
   * Reads a quote of version 3, 4 or 5.
   *
   * @throws RefusalException {@link QuoteRefusal#MALFORMED} with the bare cause; the caller adds
   *     its context, {@code Failed to decode quote} or {@code Failed to parse quote}
   */
  public static UnverifiedQuote parse(Bytes raw) {
    Objects.requireNonNull(raw, "raw is null");
    QuoteReader in = new QuoteReader(raw);
    QuoteHeader header = QuoteHeader.read(in);
    QuoteReport report =
        switch (header.version()) {
          case 3 -> bodyOfVersion3(header, in);
          case 4 -> bodyOfVersion4(header, in);
          case 5 -> bodyOfVersion5(header, in);
          default -> throw malformed("Unsupported quote version");
        };
    int signedLength = in.position();
    QuoteReader signatureData = new QuoteReader(in.dataOfU32());
    return new UnverifiedQuote(
        raw,
        header,
        report,
        signedLength,
        header.version() == 3
            ? QuoteSignatureData.readV3(signatureData)
            : QuoteSignatureData.readV4(signatureData));
  }

  private static QuoteReport bodyOfVersion3(QuoteHeader header, QuoteReader in) {
    if (header.teeType() != TeeType.SGX.code()) {
      throw malformed("Invalid TEE type");
    }
    return SgxReport.read(in);
  }

  private static QuoteReport bodyOfVersion4(QuoteHeader header, QuoteReader in) {
    TeeType tee = TeeType.of(header.teeType()).orElseThrow(() -> malformed("Invalid TEE type"));
    return switch (tee) {
      case SGX -> SgxReport.read(in);
      case TDX -> TdReport10.read(in);
    };
  }

  private static QuoteReport bodyOfVersion5(QuoteHeader header, QuoteReader in) {
    int bodyType = in.u16();
    long size = in.u32();
    QuoteReport report =
        switch (bodyType) {
          case 1 -> SgxReport.read(in);
          case 2 -> TdReport10.read(in);
          case 3 -> TdReport15.read(in);
          default -> throw malformed("Unsupported body type");
        };
    if (size != in.position() - SIGNED_WITHOUT_BODY_V5) {
      throw malformed("Invalid body size");
    }
    // Every other TEE type is refused by the header rules of the verification, with its own text.
    if (header.teeType() == TeeType.TDX.code() && !(report instanceof TdReport)) {
      throw malformed("Invalid TEE type");
    }
    return report;
  }

  private static RefusalException malformed(String cause) {
    return new RefusalException(QuoteRefusal.MALFORMED, cause);
  }

  /** All bytes, padding included. */
  public Bytes raw() {
    return raw;
  }

  /** The header. */
  public QuoteHeader header() {
    return header;
  }

  /** What the quote says about the workload. */
  public QuoteReport report() {
    return report;
  }

  /** The bytes that the attestation key signed: header and body. */
  public Bytes signedPart() {
    return signedPart;
  }

  /** Signatures, attestation key and certification data. */
  public QuoteSignatureData signatureData() {
    return signatureData;
  }
}
