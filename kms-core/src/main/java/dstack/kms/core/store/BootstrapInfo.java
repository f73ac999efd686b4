package dstack.kms.core.store;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Bootstrap answered: {@code bootstrap-info.json}.
 *
 * @param caPubkey the root CA's subject public key info, DER
 * @param k256Pubkey the root k256 public key, 33 bytes compressed
 * @param attestation the evidence over both
 */
public record BootstrapInfo(Bytes caPubkey, Bytes k256Pubkey, Bytes attestation) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The compact JSON object that the original writes, byte fields in lower-case hexadecimal. */
  public String json() {
    return "{\"ca_pubkey\":\""
        + caPubkey.hex()
        + "\",\"k256_pubkey\":\""
        + k256Pubkey.hex()
        + "\",\"attestation\":\""
        + attestation.hex()
        + "\"}";
  }

  /** Reads the file's text; empty if it is anything else, as the original has it. */
  static Optional<BootstrapInfo> parse(String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      return Optional.of(
          new BootstrapInfo(
              field(root, "ca_pubkey"), field(root, "k256_pubkey"), field(root, "attestation")));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Bytes field(JsonNode root, String name) {
    JsonNode value = root.get(name);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException(name + " must be a text");
    }
    return Bytes.fromHex(value.stringValue());
  }
}
