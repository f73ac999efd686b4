package dstack.kms.rpc.prpc;

import com.google.protobuf.Message;
import dstack.kms.rpc.http.HttpExchange;
import java.util.function.Consumer;

/**
 * One method of a service.
 *
 * @param name the bare name, without the service
 * @param request the default instance of the request type
 * @param postOnly whether a GET is refused, because the call changes state
 * @param before what must hold before the input is parsed
 * @param body the method itself
 */
public record RpcMethod<Q extends Message>(
    String name, Q request, boolean postOnly, Consumer<HttpExchange> before, Body<Q> body) {
  /** A method's own code; runs on a virtual thread. */
  @FunctionalInterface
  public interface Body<Q extends Message> {
    /** The answer, or a {@link dstack.kms.core.refusal.RefusalException}. */
    Answer answer(HttpExchange call, Q input);
  }

  /** A method that reads only and asks nothing before its input is parsed. */
  public static <Q extends Message> RpcMethod<Q> of(String name, Q request, Body<Q> body) {
    return new RpcMethod<>(name, request, false, call -> {}, body);
  }

  /** The same method, refused to GET. */
  public RpcMethod<Q> onlyByPost() {
    return new RpcMethod<>(name, request, true, before, body);
  }

  /** The same method with a check that comes before its input is parsed. */
  public RpcMethod<Q> after(Consumer<HttpExchange> check) {
    return new RpcMethod<>(name, request, postOnly, check, body);
  }

  @SuppressWarnings("unchecked") // the codec builds the input from this very default instance
  Answer answer(HttpExchange call, Message input) {
    return body.answer(call, (Q) request.getClass().cast(input));
  }
}
