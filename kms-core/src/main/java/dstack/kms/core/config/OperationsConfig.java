package dstack.kms.core.config;

/**
 * The listener for {@code /live}, {@code /ready} and {@code /metrics}: {@code [core.operations]}.
 *
 * @param enabled whether there is one
 * @param listen where it listens
 */
public record OperationsConfig(boolean enabled, ListenAddress listen) {
  static OperationsConfig read(Section operations) {
    return new OperationsConfig(
        operations.flag("enabled", true), operations.listener("127.0.0.1", 8002));
  }
}
