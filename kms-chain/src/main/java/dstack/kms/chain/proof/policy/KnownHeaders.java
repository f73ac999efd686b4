package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.header.VerifiedHeader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The headers verified last. A header is what its hash says for ever, so nothing in here can be out
 * of date. Safe for use by several threads.
 */
final class KnownHeaders {
  private static final int MOST = 16;

  /** Guarded by this. */
  private final Map<Word, VerifiedHeader> headers = new LinkedHashMap<>();

  synchronized Optional<VerifiedHeader> find(Word hash) {
    return Optional.ofNullable(headers.get(hash));
  }

  /** The header of that hash in an answer. */
  VerifiedHeader verified(Word hash, JsonNode answer) {
    VerifiedHeader header = VerifiedHeader.of(hash, answer);
    keep(header);
    return header;
  }

  private synchronized void keep(VerifiedHeader header) {
    if (headers.size() == MOST) {
      headers.remove(headers.keySet().iterator().next());
    }
    headers.put(header.hash(), header);
  }
}
