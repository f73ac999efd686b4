package dstack.kms.attest.evidence;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * A TPM's quote with what is needed to check it, unverified.
 *
 * @param message the signed TPMS_ATTEST
 * @param signature the TPMT_SIGNATURE
 * @param pcrValues the registers that the sender claims
 * @param akCert the attestation key's certificate, DER
 * @param platform where it says that it was made
 * @param eventLog the digests that the registers were extended with
 */
public record TpmQuote(
    Bytes message,
    Bytes signature,
    List<PcrValue> pcrValues,
    Bytes akCert,
    TpmPlatform platform,
    List<TpmEvent> eventLog) {

  /**
   * One register.
   *
   * @param index a u32
   * @param algorithm the bank's name, for example {@code sha256}
   * @param value the register's content
   */
  public record PcrValue(long index, String algorithm, Bytes value) {}

  /**
   * One extension of a register.
   *
   * @param pcrIndex a u32
   * @param digest what the register was extended with
   */
  public record TpmEvent(long pcrIndex, Bytes digest) {}

  public TpmQuote {
    pcrValues = List.copyOf(pcrValues);
    eventLog = List.copyOf(eventLog);
  }
}
