package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/** The signed header of a COSE_Sign1: it must ask for ES384 and for nothing that is not known. */
final class ProtectedHeader {
  private static final int ALGORITHM_KEY = 1;
  private static final int CRITICAL_KEY = 2;
  private static final String ALGORITHM_NAME = "alg";
  private static final long ES384 = -35;

  private ProtectedHeader() {}

  /** Refuses every header but one of a document that is signed with ES384. */
  static void requireEs384(Bytes header) {
    CborMap map = criticalChecked(header);
    long algorithm = algorithm(map);
    if (algorithm != ES384) {
      throw NitroRefusal.ALGORITHM.because(
          "Unsupported COSE algorithm: " + algorithm + ". Expected -35 (ES384)");
    }
  }

  private static CborMap criticalChecked(Bytes header) {
    try {
      CborMap map = CborReader.readAll(header).asMap("protected header");
      for (CborValue key : map.entries().keySet()) {
        var _ = key.asInteger("protected header key");
      }
      Optional<CborValue> critical = map.get(CRITICAL_KEY);
      if (critical.isPresent()) {
        critical.get().asArray("crit").forEach(ProtectedHeader::requireKnown);
      }
      return map;
    } catch (RefusalException e) {
      throw e.within("Unsupported COSE critical headers");
    }
  }

  private static void requireKnown(CborValue critical) {
    boolean known =
        switch (critical) {
          case CborValue.Int(long key) -> key == ALGORITHM_KEY;
          case CborValue.Text(String name) -> name.equals(ALGORITHM_NAME);
          case CborValue.Raw _,
              CborValue.Array _,
              CborMap _,
              CborValue.Tagged _,
              CborValue.Bool _,
              CborValue.Null _ ->
              false;
        };
    if (!known) {
      throw NitroRefusal.ALGORITHM.because("a critical header parameter is not known");
    }
  }

  private static long algorithm(CborMap map) {
    try {
      return map.get(ALGORITHM_KEY)
          .orElseThrow(() -> NitroRefusal.ALGORITHM.because("No algorithm in protected header"))
          .asInteger("algorithm");
    } catch (RefusalException e) {
      throw e.within("Failed to get algorithm");
    }
  }
}
