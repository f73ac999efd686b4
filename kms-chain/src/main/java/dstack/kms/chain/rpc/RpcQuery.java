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
  private final Function<JsonNode, T> reader;

  /**
   * A question.
   *
   * @param method the name, for example {@code eth_call}
   * @param params texts, truth values, numbers, and lists and maps of them
   * @param reader makes the value of a result, which may be JSON's null, or refuses it with {@link
   *     RpcRefusal#RESULT}
   */
  public RpcQuery(String method, List<Object> params, Function<JsonNode, T> reader) {
    this.method = method;
    this.params = List.copyOf(params);
    this.reader = reader;
  }

  /** The method's name. */
  public String method() {
    return method;
  }

  List<Object> params() {
    return params;
  }

  T read(JsonNode result) {
    return reader.apply(result);
  }
}
