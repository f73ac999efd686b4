package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * What a TPM's message says, with the registers and the log that belong to it (specification 14 §4
 * steps 1 to 5). It counts as far as the message's signature does.
 *
 * <p>Stricter than the original: exactly the registers 0, 2 and 14 in one selection, and the quote
 * has to say that it was made on Google Cloud.
 *
 * @param qualifyingData what was signed with the registers
 * @param pcr0 the firmware, 32 bytes
 * @param pcr2 the programs that were started, 32 bytes
 * @param pcr14 the runtime events, 32 bytes
 * @param bootEvents the digests behind PCR 2 in order; empty if the log has none
 */
record QuotedTpm(
    Bytes qualifyingData, Bytes pcr0, Bytes pcr2, Bytes pcr14, List<Bytes> bootEvents) {
  private static final List<Long> REGISTERS = List.of(0L, 2L, 14L);

  QuotedTpm {
    bootEvents = List.copyOf(bootEvents);
  }

  static QuotedTpm read(TpmQuote quote) {
    TpmsAttest attest = TpmsAttest.parse(quote.message());
    PcrValues registers = PcrValues.attested(attest, quote.pcrValues());
    requireRegisters(attest);
    requireGcp(quote.platform());
    PcrEventLog log = PcrEventLog.replayed(registers, quote.eventLog());
    return new QuotedTpm(
        attest.extraData(),
        registers.get(0).orElseThrow(),
        registers.get(2).orElseThrow(),
        registers.get(14).orElseThrow(),
        log.digests(2));
  }

  private static void requireRegisters(TpmsAttest attest) {
    List<TpmsAttest.Selection> selections = attest.selections();
    if (selections.size() != 1 || !selections.getFirst().indices().equals(REGISTERS)) {
      throw GcpRefusal.PCR_SELECTION.because(
          "PCR selection mismatch: expected " + REGISTERS + " in one selection");
    }
  }

  private static void requireGcp(TpmPlatform platform) {
    if (platform != TpmPlatform.GCP) {
      throw GcpRefusal.PLATFORM.because(
          "TPM quote of platform " + platform.wireName() + ", expected gcp");
    }
  }
}
