package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.json.ForeignJson;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of collateral, as other programs of this ecosystem write it. */
final class CollateralJson {
  /** Text longer than this is refused. */
  static final int MAX_LENGTH = 16 << 20;

  /**
   * Names, values and brackets; each byte of a list is one, and no text has more lists than four.
   */
  private static final int MAX_TOKENS = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              ForeignJson.factory(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CollateralJson() {}

  static Collateral read(String json) {
    JsonNode node = parse(json);
    return new Collateral(
        text(node, "pck_crl_issuer_chain"),
        bytes(node, "root_ca_crl"),
        bytes(node, "pck_crl"),
        text(node, "tcb_info_issuer_chain"),
        text(node, "tcb_info"),
        bytes(node, "tcb_info_signature"),
        text(node, "qe_identity_issuer_chain"),
        text(node, "qe_identity"),
        bytes(node, "qe_identity_signature"),
        optionalText(node, "pck_certificate_chain"));
  }

  static String write(Collateral collateral) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("pck_crl_issuer_chain", collateral.pckCrlIssuerChain())
            .put("root_ca_crl", collateral.rootCaCrl().hex())
            .put("pck_crl", collateral.pckCrl().hex())
            .put("tcb_info_issuer_chain", collateral.tcbInfoIssuerChain())
            .put("tcb_info", collateral.tcbInfo())
            .put("tcb_info_signature", collateral.tcbInfoSignature().hex())
            .put("qe_identity_issuer_chain", collateral.qeIdentityIssuerChain())
            .put("qe_identity", collateral.qeIdentity())
            .put("qe_identity_signature", collateral.qeIdentitySignature().hex());
    collateral.pckCertificateChain().ifPresent(chain -> node.put("pck_certificate_chain", chain));
    return MAPPER.writeValueAsString(node);
  }

  private static JsonNode parse(String json) {
    if (json.length() > MAX_LENGTH) {
      throw malformed("too long");
    }
    try {
      JsonNode node = MAPPER.readTree(json);
      if (!node.isObject()) {
        throw malformed("no object");
      }
      return node;
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || !value.isString()) {
      throw malformed(key + " is no text");
    }
    return value.stringValue();
  }

  private static Optional<String> optionalText(JsonNode node, String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(text(node, key));
  }

  private static Bytes bytes(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value != null && value.isArray()) {
      return integers(value, key);
    }
    try {
      return Bytes.fromHex(text(node, key));
    } catch (IllegalArgumentException e) {
      throw malformed(key + " is no hex text");
    }
  }

  private static Bytes integers(JsonNode list, String key) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      JsonNode item = list.get(i);
      if (!item.isIntegralNumber() || !item.canConvertToInt() || (item.intValue() & ~0xff) != 0) {
        throw malformed(key + " is no list of bytes");
      }
      bytes[i] = (byte) item.intValue();
    }
    return Bytes.of(bytes);
  }

  private static RefusalException malformed(String detail) {
    return new RefusalException(
        CollateralRefusal.MALFORMED, "Failed to parse collateral: " + detail);
  }
}
