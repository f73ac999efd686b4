package dstack.kms.onboard.setup;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Answers with a JSON document of maps, lists, texts, numbers and truths. */
final class JsonReply {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JsonReply() {}

  static HttpReply of(Map<String, Object> document) {
    return HttpReply.of(200, HttpReply.JSON, ReplyBody.of(JSON.writeValueAsString(document)));
  }
}
