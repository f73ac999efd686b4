package dstack.kms.core.authority;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a policy file; every member is optional, unknown ones are skipped, wrong types refused. */
final class PolicyJson {
  /** What a client hears; the operator's log has the cause. */
  static final String UNREADABLE = "authorization backend unavailable";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PolicyJson() {}

  static Policy parse(Bytes content) {
    JsonNode root;
    try {
      root = MAPPER.readTree(content.utf8Text());
    } catch (JacksonException e) {
      throw RefusalException.causedBy(AuthorityRefusal.POLICY_UNREADABLE, UNREADABLE, e);
    }
    if (!root.isObject()) {
      throw malformed("the policy must be one object");
    }
    return policy(root);
  }

  private static Policy policy(JsonNode root) {
    Policy none = Policy.NOTHING;
    return new Policy(
        text(root, "gatewayAppId", none.gatewayAppId()),
        text(root, "kmsContractAddr", none.kmsContractAddr()),
        chainId(root),
        text(root, "appImplementation", none.appImplementation()),
        texts(root, "osImages", Set.of(), Policy::normalized),
        texts(root, "allowedTcbStatuses", none.tcbStatuses(), UnaryOperator.identity()),
        texts(root, "allowedAdvisoryIds", Set.of(), UnaryOperator.identity()),
        rule(object(root, "kms"), "mrAggregated"),
        apps(object(root, "apps")));
  }

  private static Map<String, Policy.Rule> apps(JsonNode apps) {
    Map<String, Policy.Rule> rules = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> app : apps.properties()) {
      if (!app.getValue().isObject()) {
        throw malformed("an app must be an object");
      }
      rules.putIfAbsent(Policy.normalized(app.getKey()), rule(app.getValue(), "composeHashes"));
    }
    return rules;
  }

  private static Policy.Rule rule(JsonNode rule, String digests) {
    return new Policy.Rule(
        texts(rule, digests, Set.of(), Policy::normalized),
        texts(rule, "devices", Set.of(), Policy::normalized),
        flag(rule, "allowAnyDevice"));
  }

  private static JsonNode object(JsonNode parent, String member) {
    JsonNode value = parent.get(member);
    if (value == null) {
      return MAPPER.createObjectNode();
    }
    if (!value.isObject()) {
      throw malformed(member + " must be an object");
    }
    return value;
  }

  private static String text(JsonNode parent, String member, String otherwise) {
    JsonNode value = parent.get(member);
    if (value == null) {
      return otherwise;
    }
    if (!value.isString()) {
      throw malformed(member + " must be a text");
    }
    return value.stringValue();
  }

  private static long chainId(JsonNode root) {
    JsonNode value = root.get("chainId");
    if (value == null) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw malformed("chainId must be a whole number");
    }
    return value.longValue();
  }

  private static boolean flag(JsonNode parent, String member) {
    JsonNode value = parent.get(member);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw malformed(member + " must be true or false");
    }
    return value.booleanValue();
  }

  private static Set<String> texts(
      JsonNode parent, String member, Set<String> otherwise, UnaryOperator<String> normalize) {
    JsonNode value = parent.get(member);
    if (value == null) {
      return otherwise;
    }
    if (!value.isArray()) {
      throw malformed(member + " must be a list");
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : value) {
      if (!item.isString()) {
        throw malformed(member + " must be a list of texts");
      }
      texts.add(normalize.apply(item.stringValue()));
    }
    return texts;
  }

  private static RefusalException malformed(String detail) {
    return new RefusalException(AuthorityRefusal.POLICY_UNREADABLE, UNREADABLE, detail);
  }
}
