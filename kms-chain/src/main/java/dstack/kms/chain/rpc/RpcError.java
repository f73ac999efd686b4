package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an endpoint answered instead of a result.
 *
 * @param code JSON-RPC's number: 3 a call that reverted, -32601 a method that the endpoint does not
 *     serve, -32001 a block that it does not have
 * @param message the endpoint's words, at most 256 characters, printable, without its URL's secrets
 * @param data what a reverted call returned; empty where the endpoint sent no bytes
 */
public record RpcError(long code, String message, Optional<Bytes> data) {
  /** The number of a call that reverted. */
  public static final long REVERTED = 3;

  /** The number of a method that the endpoint does not serve. */
  public static final long NO_METHOD = -32601;

  /** Too many requests, no such method or block, and what JSON-RPC says of broken requests. */
  private static final Set<Long> SILENCE =
      Set.of(429L, -32_001L, -32_005L, NO_METHOD, -32_600L, -32_603L, -32_700L);

  private static final List<String> SILENT_WORDS =
      List.of(
          "not found",
          "unknown block",
          "missing trie node",
          "no state available",
          "state is not available",
          "pruned",
          "too many requests",
          "rate limit",
          "out of sync");

  /** Whether the call was made and reverted; not every program has the number for it. */
  public boolean isRevert() {
    return code == REVERTED || message.toLowerCase(Locale.ROOT).contains("revert");
  }

  /**
   * Whether it says of the call nothing: that the endpoint does not serve it, is asked too much, is
   * behind, or does not have the block. Everything else, such as gas that ran out, is what became
   * of the call.
   */
  public boolean isSilence() {
    String words = message.toLowerCase(Locale.ROOT);
    return !isRevert()
        && (SILENCE.contains(code) || SILENT_WORDS.stream().anyMatch(words::contains));
  }

  @Override
  public String toString() {
    return "error " + code + ": " + message;
  }
}
