package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.KmsInfo;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is shown about a key server, from either form of file (specification 22 §2): of the
 * contract's own names, or what Bootstrap answered.
 */
final class KmsInfoFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private KmsInfoFile() {}

  static KmsInfo read(InputFile file) {
    JsonNode root;
    try {
      root = JSON.readTree(file.text());
    } catch (JacksonException e) {
      throw RefusalException.causedBy(InputRefusal.MALFORMED, file.name() + " is not JSON", e);
    }
    boolean contract = root.has("k256Pubkey");
    boolean bootstrap = root.has("k256_pubkey");
    if (contract == bootstrap) {
      throw malformed(file, "expected k256Pubkey or k256_pubkey, and not both");
    }
    return contract
        ? new KmsInfo(
            bytes(file, root, "k256Pubkey"),
            bytes(file, root, "caPubkey"),
            bytes(file, root, "quote"),
            bytes(file, root, "eventlog"))
        : new KmsInfo(
            bytes(file, root, "k256_pubkey"),
            bytes(file, root, "ca_pubkey"),
            bytes(file, root, "attestation"),
            Bytes.EMPTY);
  }

  private static Bytes bytes(InputFile file, JsonNode root, String name) {
    JsonNode value = root.path(name);
    String text = value.isString() ? value.stringValue() : "-";
    try {
      return Bytes.fromHex(text.startsWith("0x") ? text.substring(2) : text);
    } catch (IllegalArgumentException e) {
      throw malformed(file, name + " must be hexadecimal digits");
    }
  }

  private static RefusalException malformed(InputFile file, String why) {
    return new RefusalException(InputRefusal.MALFORMED, file.name() + ": " + why);
  }
}
