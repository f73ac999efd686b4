package dstack.kms.attest.dcap;

import java.util.ArrayList;
import java.util.List;

/**
 * A status with the advisories behind it, of one component or of several together.
 *
 * @param status the status
 * @param advisoryIds in the order in which they were met, for example {@code INTEL-SA-00615}
 */
public record TcbVerdict(TcbStatus status, List<String> advisoryIds) {
  /** Copies the list. */
  public TcbVerdict {
    advisoryIds = List.copyOf(advisoryIds);
  }

  /** The more severe status, and these advisories followed by those of the other not among them. */
  TcbVerdict mergedWith(TcbVerdict other) {
    List<String> merged = new ArrayList<>(advisoryIds);
    for (String id : other.advisoryIds) {
      if (!merged.contains(id)) {
        merged.add(id);
      }
    }
    return new TcbVerdict(status.orWorse(other.status), merged);
  }
}
