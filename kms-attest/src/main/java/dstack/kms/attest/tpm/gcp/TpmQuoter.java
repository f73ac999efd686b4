package dstack.kms.attest.tpm.gcp;

import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.PcrRead;
import dstack.kms.attest.tpm.command.Quote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.ArrayList;
import java.util.List;

/**
 * Quotes PCR 0, 2 and 14 of the SHA-256 bank with Google's attestation key (specification 14 §2).
 * Each quote has a connection of its own; safe for use by several threads.
 */
public final class TpmQuoter {
  private static final PcrSelection QUOTED = new PcrSelection(TpmHash.SHA256, List.of(0, 2, 14));

  private final TpmConnector connector;
  private final RetryRule retry;
  private final TpmBootLog bootLog;

  public TpmQuoter(TpmConnector connector, RetryRule retry, TpmBootLog bootLog) {
    this.connector = connector;
    this.retry = retry;
    this.bootLog = bootLog;
  }

  /** A quote over the qualifying data, with registers, certificate and boot log. */
  public TpmQuote quote(Bytes qualifyingData) {
    return quote(qualifyingData, bootLog.read());
  }

  TpmQuote quote(Bytes qualifyingData, List<TpmQuote.TpmEvent> events) {
    try (Tpm tpm = Tpm.open(connector, retry);
        AttestationKey key = AttestationKey.load(tpm)) {
      List<Bytes> values = tpm.run(new PcrRead(QUOTED));
      Quote.Quoted quoted = tpm.run(new Quote(key.handle(), qualifyingData, QUOTED));
      requireSameRegisters(quoted.message(), values);
      return new TpmQuote(
          quoted.message(),
          quoted.signature(),
          named(values),
          key.certificate(tpm),
          TpmPlatform.GCP,
          events);
    }
  }

  /**
   * A quote ends with the digest of the registers as a TPM2B. An extension between the two commands
   * would make evidence that nobody accepts.
   */
  private static void requireSameRegisters(Bytes message, List<Bytes> values) {
    Bytes end = new TpmWriter().sized(Digests.sha256(values.toArray(Bytes[]::new))).bytes();
    int from = message.length() - end.length();
    if (from < 0 || !message.slice(from, message.length()).equals(end)) {
      throw TpmRefusal.REGISTERS_MOVED.because("TPM registers changed while they were quoted");
    }
  }

  private static List<TpmQuote.PcrValue> named(List<Bytes> values) {
    List<TpmQuote.PcrValue> named = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      named.add(
          new TpmQuote.PcrValue(QUOTED.registers().get(i), QUOTED.bank().bank(), values.get(i)));
    }
    return named;
  }
}
