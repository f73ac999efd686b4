package dstack.kms.cli.verify;

import dstack.kms.attest.json.StrictJson;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** A quote as people keep it in files. */
final class QuoteFile {
  private QuoteFile() {}

  /**
   * The raw quote of a file: binary, hexadecimal, or the member {@code quote} of what a guest
   * agent's {@code GetQuote} answered (specification 10 §8).
   */
  static Bytes rawQuote(InputFile file) {
    return file.looksLikeJson() ? quoteMember(file) : file.bytes();
  }

  private static Bytes quoteMember(InputFile file) {
    try {
      return StrictJson.object(file.text(), InputRefusal.MALFORMED).prefixedHex("quote");
    } catch (RefusalException refusal) {
      throw refusal.within(file.name());
    }
  }
}
