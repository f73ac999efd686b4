package dstack.kms.chain.transaction;

import dstack.kms.chain.rpc.RpcError;
import java.util.List;
import java.util.Locale;

/** How an endpoint took a signed transaction. Nodes say the same in different words. */
sealed interface Broadcast {
  /** It has it now, or had it before. */
  record Taken() implements Broadcast {}

  /** Its place in the account's sequence is taken by one that was mined or waits. */
  record PlaceTaken(String words) implements Broadcast {}

  /** It pays too little. */
  record Underpaid(String words) implements Broadcast {}

  /** Anything else. */
  record Refused(String words) implements Broadcast {}

  static Broadcast of(RpcError error) {
    String text = error.message().toLowerCase(Locale.ROOT);
    if (says(text, "already known", "known transaction", "already imported", "already_exists")) {
      return new Taken();
    }
    if (says(
        text, "nonce too low", "nonce is too low", "oldnonce", "replacement", "nonce_expired")) {
      return new PlaceTaken(error.toString());
    }
    if (says(text, "underpriced", "less than block base fee", "fee too low", "feetoolow")) {
      return new Underpaid(error.toString());
    }
    return new Refused(error.toString());
  }

  private static boolean says(String text, String... any) {
    return List.of(any).stream().anyMatch(text::contains);
  }
}
