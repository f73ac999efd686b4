package dstack.kms.chain.rpc;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * One question to an endpoint and how its result is read. Each object is a question of its own:
 * answers are looked up by it.
 *
 * @param <T> the result's type
 */
public final class RpcQuery<T> {
  private final String method;
  private final List<Object> params;
  private final long longest;
  private final Function<JsonNode, T> reader;

  /**
   * A question of which the answer may be as long as the client's limits let it.
   *
   * @param method the name, for example {@code eth_call}
   * @param params texts, truth values, numbers, and lists and maps of them
   * @param reader makes the value of a result, which may be JSON's null, or refuses it with {@link
   *     RpcRefusal#RESULT}
   */
  public RpcQuery(String method, List<Object> params, Function<JsonNode, T> reader) {
    this(method, params, Integer.MAX_VALUE, reader);
  }

  /**
   * A question of which it is known how long the answer can be.
   *
   * @param longest how many bytes its part of an exchange's answer may have, as JSON
   */
  public RpcQuery(String method, List<Object> params, int longest, Function<JsonNode, T> reader) {
    this.method = method;
    this.params = List.copyOf(params);
    this.longest = longest;
    this.reader = reader;
  }

  /** The method's name. */
  public String method() {
    return method;
  }

  List<Object> params() {
    return params;
  }

  long longest() {
    return longest;
  }

  T read(JsonNode result) {
    return reader.apply(result);
  }
}
