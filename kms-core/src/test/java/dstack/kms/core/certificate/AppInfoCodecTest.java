package dstack.kms.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AppInfoCodecTest {
  private static final JsonNode VECTORS = KeyVectors.document().get("app_info_msgpack");
  private static final JsonNode FIELDS = VECTORS.get("fields");

  private static AppInfo info(@Nullable List<Bytes> hashes) {
    return new AppInfo(
        KeyVectors.bytes(FIELDS, "app_id"),
        KeyVectors.bytes(FIELDS, "compose_hash"),
        KeyVectors.bytes(FIELDS, "instance_id"),
        KeyVectors.bytes(FIELDS, "device_id"),
        KeyVectors.bytes(FIELDS, "mr_system"),
        KeyVectors.bytes(FIELDS, "mr_aggregated"),
        KeyVectors.bytes(FIELDS, "os_image_hash"),
        KeyVectors.bytes(FIELDS, "key_provider_info"),
        hashes);
  }

  private static void codes(String vector, @Nullable List<Bytes> hashes) {
    Bytes encoded = KeyVectors.bytes(VECTORS, vector);
    assertThat(AppInfoCodec.encode(info(hashes))).isEqualTo(encoded);
    assertThat(AppInfoCodec.decode(encoded)).isEqualTo(info(hashes));
  }

  @Test
  void writesAndReadsTheVectors() {
    codes("current_none", null);
    codes("current_empty_list", List.of());
    codes("current_one_hash", List.of(Bytes.fromHex("88".repeat(32))));
  }

  @Test
  void readsTheEightFieldsOfOlderVersions() {
    assertThat(AppInfoCodec.decode(KeyVectors.bytes(VECTORS, "legacy_8_fields")))
        .isEqualTo(info(null));
  }

  @Test
  void readsTheMapFormAndIgnoresUnknownKeysAndBytesAfterTheValue() {
    MsgPackWriter writer = new MsgPackWriter().writeMapHeader(10);
    FIELDS
        .properties()
        .forEach(
            field ->
                writer
                    .writeString(field.getKey())
                    .writeBinary(KeyVectors.bytes(FIELDS, field.getKey())));
    writer.writeString("other").writeInteger(1).writeString("init_script_hashes");
    writer.writeArrayHeader(0);
    assertThat(AppInfoCodec.decode(Bytes.concat(writer.toBytes(), Bytes.zeros(3))))
        .isEqualTo(info(List.of()));
  }

  @Test
  void refusesEveryTruncation() {
    Bytes good = KeyVectors.bytes(VECTORS, "current_one_hash");
    for (int length = 0; length < good.length(); length++) {
      Bytes cut = good.slice(0, length);
      assertThatThrownBy(() -> AppInfoCodec.decode(cut))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Failed to decode app info: ");
    }
  }

  @Test
  void refusesOtherCountsAndHashesOfAnotherLength() {
    for (String head : List.of("97", "9a", "80", "c0", "a0")) {
      Bytes bad =
          Bytes.concat(
              Bytes.fromHex(head), KeyVectors.bytes(VECTORS, "current_none").slice(1, 200));
      assertThatThrownBy(() -> AppInfoCodec.decode(bad)).isInstanceOf(RefusalException.class);
    }
    assertThatThrownBy(() -> info(List.of(Bytes.zeros(31))))
        .hasMessage("init_script_hashes must be 32 bytes");
  }
}
