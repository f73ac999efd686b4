package dstack.kms.chain.rpc;

import dstack.kms.core.refusal.RefusalException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The answers of one exchange, each found by its question. */
public final class RpcAnswers {
  private final ChainEndpoint endpoint;
  private final Map<RpcQuery<?>, RpcAnswer<JsonNode>> answers;

  RpcAnswers(ChainEndpoint endpoint, Map<RpcQuery<?>, RpcAnswer<JsonNode>> answers) {
    this.endpoint = endpoint;
    this.answers = Map.copyOf(answers);
  }

  /** The answer to that question; a result of another form than the method's is refused. */
  public <T> RpcAnswer<T> of(RpcQuery<T> query) {
    return switch (answers.get(query)) {
      case RpcAnswer.Result<JsonNode>(JsonNode result) ->
          new RpcAnswer.Result<>(read(query, result));
      case RpcAnswer.Failure<JsonNode>(RpcError error) -> new RpcAnswer.Failure<>(error);
      case null -> throw new IllegalArgumentException(query.method() + " was not asked here");
    };
  }

  /** The result of that question; an error is refused too. */
  public <T> T value(RpcQuery<T> query) {
    return switch (of(query)) {
      case RpcAnswer.Result<T>(T value) -> value;
      case RpcAnswer.Failure<T>(RpcError error) ->
          throw new RefusalException(
              RpcRefusal.ERROR, endpoint + " answered " + query.method() + " with " + error);
    };
  }

  private <T> T read(RpcQuery<T> query, JsonNode result) {
    try {
      return query.read(result);
    } catch (RefusalException e) {
      throw e.within(endpoint + " answered " + query.method() + " with something else");
    }
  }
}
