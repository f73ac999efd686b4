package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A boot info in JSON as the argument of the decision functions (specification 20 §1).
 *
 * <p>Widths are exact: a value that is too short is never padded. What is absent is zero, as the
 * server has it; a device id of 64 bytes is that of an SEV-SNP chip and stands for its hash.
 */
final class BootInfoFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final int CHIP_ID = 64;

  private final InputFile file;
  private final JsonNode root;

  private BootInfoFile(InputFile file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static AbiValue read(InputFile file) {
    try {
      return new BootInfoFile(file, JSON.readTree(file.text())).value();
    } catch (JacksonException e) {
      throw RefusalException.causedBy(InputRefusal.MALFORMED, file.name() + " is not JSON", e);
    }
  }

  private AbiValue value() {
    return AbiValue.of(
        List.of(
            AbiValue.of(new Address(bytes("appId", 20))),
            word("composeHash"),
            AbiValue.of(new Address(orZeros("instanceId", 20))),
            AbiValue.of(device()),
            word("mrAggregated"),
            word("mrSystem"),
            AbiValue.of(new Word(orZeros("osImageHash", 32))),
            AbiValue.of(text("tcbStatus")),
            AbiValue.of(advisories())));
  }

  private Word device() {
    Bytes id = hex("deviceId");
    return new Word(id.length() == CHIP_ID ? Digests.sha256(id) : exact("deviceId", id, 32));
  }

  private AbiValue word(String name) {
    return AbiValue.of(new Word(bytes(name, 32)));
  }

  private Bytes orZeros(String name, int length) {
    Bytes found = hex(name);
    return found.isEmpty() ? Bytes.zeros(length) : exact(name, found, length);
  }

  private Bytes bytes(String name, int length) {
    return exact(name, hex(name), length);
  }

  private Bytes exact(String name, Bytes found, int length) {
    if (found.length() != length) {
      throw malformed(name + " must have " + length + " bytes, not " + found.length());
    }
    return found;
  }

  private Bytes hex(String name) {
    String text = text(name);
    try {
      return Bytes.fromHex(text.startsWith("0x") ? text.substring(2) : text);
    } catch (IllegalArgumentException e) {
      throw malformed(name + " must be hexadecimal digits");
    }
  }

  private String text(String name) {
    JsonNode value = root.path(name);
    if (!value.isString()) {
      throw malformed(name + " must be a text");
    }
    return value.stringValue();
  }

  private List<AbiValue> advisories() {
    List<AbiValue> advisories = new ArrayList<>();
    for (JsonNode each : root.path("advisoryIds").values()) {
      if (!each.isString()) {
        throw malformed("advisoryIds must be texts");
      }
      advisories.add(AbiValue.of(each.stringValue()));
    }
    return advisories;
  }

  private RefusalException malformed(String why) {
    return new RefusalException(InputRefusal.MALFORMED, file.name() + ": " + why);
  }
}
