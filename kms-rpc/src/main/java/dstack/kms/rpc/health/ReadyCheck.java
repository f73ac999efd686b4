package dstack.kms.rpc.health;

import java.util.function.Supplier;

/**
 * One named thing that must hold before this node should be sent requests.
 *
 * @param name a short stable name
 * @param finding looks now; runs on a virtual thread and may block for moments
 */
public record ReadyCheck(String name, Supplier<Finding> finding) {
  /**
   * What a check found.
   *
   * @param ok whether it holds
   * @param text what was found and what to do, without secrets
   */
  public record Finding(boolean ok, String text) {
    /** It holds. */
    public static Finding good(String text) {
      return new Finding(true, text);
    }

    /** It does not hold. */
    public static Finding bad(String text) {
      return new Finding(false, text);
    }
  }
}
