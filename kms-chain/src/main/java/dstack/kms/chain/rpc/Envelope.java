package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Opens what came back for one exchange.
 *
 * <p>Each id that was asked must be answered exactly once, in any order, by an object with {@code
 * jsonrpc} "2.0" and exactly one of {@code result} and {@code error}. Everything else is refused as
 * a whole: half an exchange is none. Members that JSON-RPC does not know are skipped.
 */
final class Envelope {
  private final ErrorReader errors;

  Envelope(ErrorReader errors) {
    this.errors = errors;
  }

  /** The answer to a request that was one object. */
  RpcAnswer<JsonNode> single(Bytes body, long id) {
    JsonNode answer = StrictJson.parse(body);
    requireId(answer, Set.of(id));
    return answer(answer);
  }

  /** The answers to a request that was an array, by id. */
  Map<Long, RpcAnswer<JsonNode>> batch(Bytes body, List<Long> ids) {
    JsonNode answers = StrictJson.parse(body);
    if (answers.isObject() && answers.has("error")) {
      throw new RefusalException(
          RpcRefusal.ERROR,
          "the batch was answered as a whole with " + errors.read(answers.required("error")));
    }
    if (!answers.isArray() || answers.size() != ids.size()) {
      throw mismatch(
          "expected a batch of "
              + ids.size()
              + " answers, found "
              + (answers.isArray() ? answers.size() + " of them" : "something else"));
    }
    Map<Long, RpcAnswer<JsonNode>> opened = new HashMap<>();
    Set<Long> left = new HashSet<>(ids);
    for (JsonNode answer : answers) {
      long id = requireId(answer, left);
      left.remove(id);
      opened.put(id, answer(answer));
    }
    return opened;
  }

  private static long requireId(JsonNode answer, Set<Long> expected) {
    if (!answer.isObject()) {
      throw StrictJson.malformed("an answer is not an object");
    }
    JsonNode id = answer.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToLong()) {
      throw mismatch("an answer without an id of ours");
    }
    if (!expected.contains(id.longValue())) {
      throw mismatch("an answer with the id of something that was not asked, or a second one");
    }
    return id.longValue();
  }

  private RpcAnswer<JsonNode> answer(JsonNode answer) {
    JsonNode version = answer.path("jsonrpc");
    if (!version.isString() || !version.stringValue().equals("2.0")) {
      throw StrictJson.malformed("the member jsonrpc is not \"2.0\"");
    }
    if (answer.has("result") == answer.has("error")) {
      throw StrictJson.malformed("not exactly one of the members result and error");
    }
    return answer.has("error")
        ? new RpcAnswer.Failure<>(errors.read(answer.required("error")))
        : new RpcAnswer.Result<>(answer.required("result"));
  }

  private static RefusalException mismatch(String found) {
    return new RefusalException(
        RpcRefusal.MISMATCH, "an answer that does not belong to the question: " + found);
  }
}
