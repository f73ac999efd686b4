package dstack.kms.cli.verify;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * What a guest agent's {@code GetQuote} answers (specification 10 §9), nothing in it verified.
 *
 * @param quote the raw quote
 * @param eventLog the event log as JSON text, empty if it is missing
 * @param reportData what the sender says the quote is bound to
 * @param vmConfig the VM's configuration, empty if it is missing
 */
record GetQuoteJson(Bytes quote, String eventLog, Optional<Bytes> reportData, String vmConfig) {
  static GetQuoteJson read(InputFile file) {
    try {
      JsonObject json = StrictJson.object(file.text(), InputRefusal.MALFORMED);
      return new GetQuoteJson(
          json.prefixedHex("quote"),
          json.textOr("event_log", ""),
          json.has("report_data") ? Optional.of(json.prefixedHex("report_data")) : Optional.empty(),
          json.textOr("vm_config", ""));
    } catch (RefusalException refusal) {
      throw refusal.within(file.name());
    }
  }
}
