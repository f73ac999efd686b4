package dstack.kms.chain.rpc;

/**
 * What came back for one question of an exchange that is whole: a result or an error.
 *
 * @param <T> the result's type
 */
public sealed interface RpcAnswer<T> {
  /**
   * A result of the method's form.
   *
   * @param value the result
   */
  record Result<T>(T value) implements RpcAnswer<T> {}

  /**
   * An error.
   *
   * @param error what the endpoint said
   */
  record Failure<T>(RpcError error) implements RpcAnswer<T> {}
}
