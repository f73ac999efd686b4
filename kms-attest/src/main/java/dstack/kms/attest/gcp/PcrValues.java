package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Registers of the SHA-256 bank, each of 32 bytes, whose digest is the one in a TPM's message
 * (specification 14 §4 steps 2 to 4). As good as the signature over that message.
 *
 * <p>Names and lengths are checked as well: the digest is over the values without any mark of where
 * one ends, so values of other lengths could be cut out of the same bytes.
 */
final class PcrValues {
  private static final int SHA256_BANK = 0x000B;
  private static final String SHA256_NAME = "sha256";
  private static final int LENGTH = 32;

  private final Map<Long, Bytes> values;

  private PcrValues(Map<Long, Bytes> values) {
    this.values = values;
  }

  /** The values, if they are what the message attests to; refuses otherwise. */
  static PcrValues attested(TpmsAttest attest, List<PcrValue> claimed) {
    requireSelected(attest, claimed);
    attest.selections().forEach(PcrValues::requireSha256);
    claimed.forEach(PcrValues::requireOfBank);
    Bytes concatenated = Bytes.concat(claimed.stream().map(PcrValue::value).toArray(Bytes[]::new));
    if (!attest.pcrDigest().equals(Digests.sha256(concatenated))) {
      throw GcpRefusal.PCR_DIGEST.because("PCR digest mismatch");
    }
    return new PcrValues(
        claimed.stream().collect(Collectors.toUnmodifiableMap(PcrValue::index, PcrValue::value)));
  }

  private static void requireSelected(TpmsAttest attest, List<PcrValue> claimed) {
    List<Long> attested =
        attest.selections().stream().flatMap(selection -> selection.indices().stream()).toList();
    List<Long> provided = claimed.stream().map(PcrValue::index).toList();
    if (!attested.equals(provided)) {
      throw GcpRefusal.PCR_SELECTION.because(
          "PCR selection mismatch: TPMS_ATTEST has "
              + attested
              + ", but pcr_values has "
              + provided);
    }
    if (attested.stream().distinct().count() != attested.size()) {
      throw GcpRefusal.PCR_SELECTION.because(
          "PCR selection mismatch: a register stands twice in " + attested);
    }
  }

  private static void requireSha256(TpmsAttest.Selection selection) {
    if (selection.hashAlgorithm() != SHA256_BANK) {
      throw GcpRefusal.PCR_SELECTION.because(
          "unsupported PCR bank hash_alg 0x"
              + HexFormat.of().toHexDigits((short) selection.hashAlgorithm())
              + "; only SHA-256 (0x000b) is supported");
    }
  }

  private static void requireOfBank(PcrValue pcr) {
    if (!pcr.algorithm().equals(SHA256_NAME)) {
      throw GcpRefusal.PCR_VALUE.because(
          "PCR " + pcr.index() + " is not labelled sha256, but the quote attests the sha256 bank");
    }
    if (pcr.value().length() != LENGTH) {
      throw GcpRefusal.PCR_VALUE.because(
          "PCR "
              + pcr.index()
              + " value is "
              + pcr.value().length()
              + " bytes, expected 32 for the sha256 bank");
    }
  }

  /** The registers in ascending order. */
  List<Long> indices() {
    return values.keySet().stream().sorted().toList();
  }

  /** The value of a register, if it was quoted. */
  Optional<Bytes> get(long index) {
    return Optional.ofNullable(values.get(index));
  }
}
