package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Platform configuration registers by their index of 0 to 65,535. */
record Registers(Map<Integer, Bytes> values) {
  /** Length of a register of a SHA-384 bank in bytes. */
  static final int LENGTH = 48;

  private static final int MAX_INDEX = 0xffff;

  Registers {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** Registers of any length; indices are unique because keys of a CBOR map are. */
  static Registers read(CborMap map) {
    Map<Integer, Bytes> values = new TreeMap<>();
    for (Map.Entry<CborValue, CborValue> entry : map.entries().entrySet()) {
      long index = entry.getKey().asInteger("PCR index");
      if (index < 0 || index > MAX_INDEX) {
        throw NitroRefusal.DOCUMENT.because("PCR index " + index + " is out of range");
      }
      values.put((int) index, entry.getValue().asBytes("PCR" + index));
    }
    return new Registers(values);
  }

  /** Refuses no registers at all and registers of another length than 48 bytes. */
  void requireSha384() {
    if (values.isEmpty()) {
      throw NitroRefusal.REGISTERS.because("No PCRs in attestation document");
    }
    values.forEach(
        (index, value) -> {
          if (value.length() != LENGTH) {
            throw NitroRefusal.REGISTERS.because(
                "PCR" + index + " length mismatch: " + value.length() + " (expected 48)");
          }
        });
  }

  /** The register of that index, if the document has it. */
  Optional<Bytes> get(int index) {
    return Optional.ofNullable(values.get(index));
  }

  /** The register of that index, or {@code PCR n not found}. */
  Bytes require(int index) {
    return get(index)
        .orElseThrow(() -> NitroRefusal.REGISTER_MISSING.because("PCR " + index + " not found"));
  }
}
