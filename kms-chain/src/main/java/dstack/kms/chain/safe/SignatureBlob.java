package dstack.kms.chain.safe;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/** The signatures of a transaction as the contract wants them. */
public final class SignatureBlob {
  private SignatureBlob() {}

  /**
   * Exactly as many signatures as the threshold asks for, by ascending owner; behind these parts
   * what contracts signed. Two of one owner are refused, and too few.
   */
  public static Bytes pack(List<OwnerSignature> signatures, int threshold) {
    List<OwnerSignature> sorted = signatures.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).owner().equals(sorted.get(i - 1).owner())) {
        throw new RefusalException(
            SafeRefusal.DUPLICATE, "two signatures of owner " + sorted.get(i).owner());
      }
    }
    if (threshold < 1 || sorted.size() < threshold) {
      throw new RefusalException(
          SafeRefusal.THRESHOLD,
          "signatures of "
              + sorted.size()
              + " owners, and the Safe's threshold is "
              + threshold
              + ": collect more");
    }
    return joined(sorted.subList(0, threshold));
  }

  private static Bytes joined(List<OwnerSignature> signatures) {
    List<Bytes> parts = new ArrayList<>();
    List<Bytes> tails = new ArrayList<>();
    int tailAt = signatures.size() * SafeSignature.PART;
    for (OwnerSignature each : signatures) {
      Bytes tail = each.signature().tail();
      parts.add(each.signature().part(tailAt));
      tails.add(tail);
      tailAt += tail.length();
    }
    parts.addAll(tails);
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }
}
