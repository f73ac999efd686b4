package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborRefusal;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * A COSE_Sign1 (RFC 9052 §4.2) that was read and not verified: an array of four, bare or under tag
 * 18, of at most 16 KiB (specification 15 §1).
 *
 * @param protectedHeader the header's bytes as they are signed
 * @param payload the signed bytes
 * @param signature as it came, of any length
 */
record CoseSign1(Bytes protectedHeader, Bytes payload, Bytes signature) {
  /** The longest document with all that a module adds has about 9,000 bytes. */
  static final int MAX_LENGTH = 16 << 10;

  private static final int TAG = 18;
  private static final CborValue CONTEXT = new CborValue.Text("Signature1");

  /** Reads the whole input; every refusal is within {@code Failed to parse COSE Sign1}. */
  static CoseSign1 parse(Bytes input) {
    try {
      return read(input);
    } catch (RefusalException e) {
      throw e.within("Failed to parse COSE Sign1");
    }
  }

  /** What the signature is over, in the one encoding that a signer uses. */
  Bytes signedStructure() {
    return CborWriter.write(
        new CborValue.Array(
            List.of(
                CONTEXT,
                new CborValue.Raw(protectedHeader),
                new CborValue.Raw(Bytes.EMPTY),
                new CborValue.Raw(payload))));
  }

  private static CoseSign1 read(Bytes input) {
    if (input.length() > MAX_LENGTH) {
      throw NitroRefusal.COSE.because("longer than " + MAX_LENGTH + " bytes");
    }
    List<CborValue> parts = untagged(readWhole(input)).asArray("COSE Sign1");
    if (parts.size() != 4) {
      throw NitroRefusal.COSE.because("COSE Sign1 has " + parts.size() + " elements instead of 4");
    }
    var _ = parts.get(1).asMap("unprotected header"); // never consulted: nothing signs it
    return new CoseSign1(
        parts.get(0).asBytes("protected header"),
        parts.get(2).asBytes("payload"),
        parts.get(3).asBytes("signature"));
  }

  private static CborValue readWhole(Bytes input) {
    try {
      return CborReader.readAll(input);
    } catch (RefusalException e) {
      if (e.code() == CborRefusal.TRAILING_BYTES) {
        throw NitroRefusal.COSE.because("Trailing bytes after COSE Sign1");
      }
      throw e;
    }
  }

  private static CborValue untagged(CborValue item) {
    return item instanceof CborValue.Tagged(long tag, CborValue inner) && tag == TAG ? inner : item;
  }
}
