package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.web3j.protocol.Web3j;
import tools.jackson.databind.JsonNode;

/**
 * Asks one endpoint. Every exchange is answered completely and in the form that was asked for, or
 * refused with a {@link RpcRefusal} that names the endpoint and none of its URL's secrets.
 *
 * <p>Calls block and may be made from any number of threads.
 */
public final class RpcClient implements AutoCloseable {
  private final ChainEndpoint endpoint;
  private final RpcLimits limits;
  private final HttpExchange http;
  private final Envelope envelope;
  private final CheckedService service;
  private final AtomicLong ids = new AtomicLong();

  /** A client; closing it gives up what is still running. */
  public RpcClient(ChainEndpoint endpoint, RpcLimits limits) {
    this.endpoint = endpoint;
    this.limits = limits;
    ErrorReader errors = new ErrorReader(endpoint.url());
    http = new HttpExchange(endpoint, limits, errors);
    envelope = new Envelope(errors);
    service = new CheckedService(this);
  }

  /** Who is asked. */
  public ChainEndpoint endpoint() {
    return endpoint;
  }

  /** The result of one question; an error is refused too. */
  public <T> T ask(RpcQuery<T> query) {
    return ask(query, Deadline.in(limits.totalTimeout()));
  }

  /** The same, not later than that. */
  public <T> T ask(RpcQuery<T> query, Deadline deadline) {
    return exchange(query, deadline).value(query);
  }

  /** One question in one exchange. */
  public RpcAnswers exchange(RpcQuery<?> query, Deadline deadline) {
    long id = ids.incrementAndGet();
    Bytes body = StrictJson.write(request(id, query));
    Bytes answer = http.post(body, deadline, true, longest(List.of(query)));
    return new RpcAnswers(endpoint, Map.of(query, checked(() -> envelope.single(answer, id))));
  }

  /**
   * Several questions in one exchange, a batch even if there is only one. The answer is as long at
   * most as those to all questions may be together, and as the limits let any answer be.
   */
  public RpcAnswers exchange(List<? extends RpcQuery<?>> queries, Deadline deadline) {
    Map<Long, RpcQuery<?>> asked = new LinkedHashMap<>();
    List<Object> requests = new ArrayList<>();
    for (RpcQuery<?> query : queries) {
      long id = ids.incrementAndGet();
      asked.put(id, query);
      requests.add(request(id, query));
    }
    Bytes body = http.post(StrictJson.write(requests), deadline, true, longest(queries));
    Map<Long, RpcAnswer<JsonNode>> opened =
        checked(() -> envelope.batch(body, List.copyOf(asked.keySet())));
    Map<RpcQuery<?>, RpcAnswer<JsonNode>> answers = new HashMap<>();
    opened.forEach((id, answer) -> answers.put(asked.get(id), answer));
    return new RpcAnswers(endpoint, answers);
  }

  /**
   * web3j over the same transport, for what has no question of its own here. Its requests are sent
   * once only, as sending a transaction twice is not nothing. Closed with this client; do not shut
   * it down.
   */
  public Web3j web3j() {
    return service.web3j();
  }

  /** One exchange whose request and answer are web3j's; the envelope is checked all the same. */
  Bytes relay(Bytes request) {
    Deadline deadline = Deadline.in(limits.totalTimeout());
    Bytes answer = http.post(request, deadline, false, limits.maxAnswer());
    JsonNode asked = StrictJson.parse(request);
    if (asked.isArray()) {
      List<Long> batch = asked.valueStream().map(one -> one.required("id").longValue()).toList();
      checked(() -> envelope.batch(answer, batch));
    } else {
      checked(() -> envelope.single(answer, asked.required("id").longValue()));
    }
    return answer;
  }

  private long longest(List<? extends RpcQuery<?>> queries) {
    long together = queries.stream().mapToLong(RpcQuery::longest).sum();
    return Math.min(together, limits.maxAnswer());
  }

  private static Map<String, Object> request(long id, RpcQuery<?> query) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("jsonrpc", "2.0");
    request.put("id", id);
    request.put("method", query.method());
    request.put("params", query.params());
    return request;
  }

  private <T> T checked(Supplier<T> opening) {
    try {
      return opening.get();
    } catch (RefusalException e) {
      throw e.within("the chain endpoint " + endpoint);
    }
  }

  @Override
  public void close() {
    service.close();
    http.close();
  }
}
