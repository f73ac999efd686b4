package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** A quote with one part changed. */
final class Changed {
  private Changed() {}

  static TpmQuote withMessage(TpmQuote quote, Bytes message) {
    return of(
        quote, message, quote.signature(), quote.pcrValues(), quote.akCert(), quote.eventLog());
  }

  static TpmQuote withSignature(TpmQuote quote, Bytes signature) {
    return of(
        quote, quote.message(), signature, quote.pcrValues(), quote.akCert(), quote.eventLog());
  }

  static TpmQuote withAkCert(TpmQuote quote, Bytes akCert) {
    return of(
        quote, quote.message(), quote.signature(), quote.pcrValues(), akCert, quote.eventLog());
  }

  static TpmQuote withPcrValues(TpmQuote quote, List<PcrValue> values) {
    return of(quote, quote.message(), quote.signature(), values, quote.akCert(), quote.eventLog());
  }

  static TpmQuote withEventLog(TpmQuote quote, List<TpmEvent> log) {
    return of(quote, quote.message(), quote.signature(), quote.pcrValues(), quote.akCert(), log);
  }

  private static TpmQuote of(
      TpmQuote quote,
      Bytes message,
      Bytes signature,
      List<PcrValue> values,
      Bytes akCert,
      List<TpmEvent> log) {
    return new TpmQuote(message, signature, values, akCert, quote.platform(), log);
  }
}
