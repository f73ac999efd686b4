package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a guest carries of its TPM's quote (specification 14 §2.2).
 *
 * @param message the TPMS_ATTEST
 * @param signature the TPMT_SIGNATURE
 * @param values of the quoted registers
 * @param certificate of the attestation key, DER
 * @param maker whose TPM it is
 * @param log of the firmware and the boot loader
 */
public record TpmQuoteContent(
    Bytes message,
    Bytes signature,
    List<Value> values,
    Bytes certificate,
    Maker maker,
    List<Event> log) {
  public TpmQuoteContent {
    values = List.copyOf(values);
    log = List.copyOf(log);
  }

  /** A register that was quoted. */
  public record Value(int register, String algorithm, Bytes value) {}

  /** One measurement of the log. */
  public record Event(int register, Bytes digest) {}

  /** The numbers and names of makers. */
  public enum Maker {
    DSTACK(0, "dstack"),
    GCP(1, "gcp"),
    NITRO_ENCLAVE(2, "nitroenclave"),
    AWS_EC2(3, "aws-ec2");

    private final int number;
    private final String wireName;

    Maker(int number, String wireName) {
      this.number = number;
      this.wireName = wireName;
    }

    int number() {
      return number;
    }

    String wireName() {
      return wireName;
    }
  }

  /** The same with another signature. */
  public TpmQuoteContent withSignature(UnaryOperator<Bytes> edit) {
    return new TpmQuoteContent(message, edit.apply(signature), values, certificate, maker, log);
  }

  /** The same with another certificate. */
  public TpmQuoteContent withCertificate(Bytes other) {
    return new TpmQuoteContent(message, signature, values, other, maker, log);
  }

  /** The same with other values. */
  public TpmQuoteContent withValues(List<Value> other) {
    return new TpmQuoteContent(message, signature, other, certificate, maker, log);
  }

  /** The same with another log. */
  public TpmQuoteContent withLog(List<Event> other) {
    return new TpmQuoteContent(message, signature, values, certificate, maker, other);
  }

  /** The same from another maker. */
  public TpmQuoteContent withMaker(Maker other) {
    return new TpmQuoteContent(message, signature, values, certificate, other, log);
  }
}
