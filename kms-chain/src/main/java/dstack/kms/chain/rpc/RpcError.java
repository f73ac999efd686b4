package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import java.util.Locale;
import java.util.Optional;

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

  /** Whether the call was made and reverted; not every program has the number for it. */
  public boolean isRevert() {
    return code == REVERTED || message.toLowerCase(Locale.ROOT).contains("revert");
  }

  @Override
  public String toString() {
    return "error " + code + ": " + message;
  }
}
