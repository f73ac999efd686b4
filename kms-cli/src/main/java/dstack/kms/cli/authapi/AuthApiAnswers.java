package dstack.kms.cli.authapi;

import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.Decision;
import dstack.kms.rpc.http.RequestHead;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of the original, member by member in its order (specification 21 §3). */
final class AuthApiAnswers {
  /** What a client learns when no decision could be made. */
  static final String UNAVAILABLE = "authorization backend unavailable";

  private static final String INVALID = "invalid authorization request";
  private static final JsonMapper JSON = JsonMapper.shared();

  private AuthApiAnswers() {}

  static JsonAnswer decided(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> decision(200, true, "", allowed.gatewayAppId());
      case Decision.Denied denied -> decision(200, false, denied.reason(), denied.gatewayAppId());
      case Decision.Undecided _ -> undecided();
    };
  }

  /** Also an answer of status 200: whoever asked is told no. */
  static JsonAnswer undecided() {
    return decision(200, false, UNAVAILABLE, "");
  }

  static JsonAnswer invalid() {
    return decision(400, false, INVALID, "");
  }

  static JsonAnswer failed(int status) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "error");
    body.put("message", UNAVAILABLE);
    return json(status, body);
  }

  static JsonAnswer noRoute(RequestHead head) {
    String target = head.query().isEmpty() ? head.path() : head.path() + "?" + head.query();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("message", "Route " + head.method() + ":" + target + " not found");
    body.put("error", "Not Found");
    body.put("statusCode", 404);
    return json(404, body);
  }

  static JsonAnswer ready(AuthorityInfo info, Optional<String> contract) {
    String implementation = info.appImplementation().orElse("");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "ok");
    body.put("kmsContractAddr", contract.or(info::contractAddress).orElse(""));
    body.put("ethRpcUrl", info.rpcUrl().orElse("configured"));
    body.put("gatewayAppId", info.gatewayAppId().orElse(""));
    body.put("chainId", info.chainId().orElse(0L));
    body.put("appAuthImplementation", implementation);
    body.put("appImplementation", implementation);
    return json(200, body);
  }

  private static JsonAnswer decision(
      int status, boolean allowed, String reason, String gatewayAppId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("isAllowed", allowed);
    body.put("reason", reason);
    body.put("gatewayAppId", gatewayAppId);
    return json(status, body);
  }

  private static JsonAnswer json(int status, Map<String, Object> body) {
    return new JsonAnswer(status, JSON.writeValueAsString(body));
  }
}
