package dstack.kms.core.authority;

import java.util.Map;

/**
 * Which members an answer must and may have; all others are skipped.
 *
 * @param required members with their types, one of String, Boolean and Long
 * @param optional members that may be absent, with their types
 */
record AnswerShape(Map<String, Class<?>> required, Map<String, Class<?>> optional) {
  /** An answer to {@code POST bootAuth/…}. */
  static final AnswerShape DECISION =
      new AnswerShape(
          Map.of("isAllowed", Boolean.class, "gatewayAppId", String.class, "reason", String.class),
          Map.of());

  /** An answer to {@code GET}. */
  static final AnswerShape INFO =
      new AnswerShape(
          Map.of(
              "status", String.class,
              "kmsContractAddr", String.class,
              "gatewayAppId", String.class,
              "chainId", Long.class,
              "appImplementation", String.class),
          Map.of("ethRpcUrl", String.class));

  AnswerShape {
    required = Map.copyOf(required);
    optional = Map.copyOf(optional);
  }

  boolean knows(String member) {
    return required.containsKey(member) || optional.containsKey(member);
  }
}
