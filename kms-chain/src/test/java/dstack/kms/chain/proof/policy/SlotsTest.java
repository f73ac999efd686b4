package dstack.kms.chain.proof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.testkit.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Locations as the governance vectors have them (specification 20 §6). */
class SlotsTest {
  private static final JsonNode STORAGE =
      Vectors.json("contracts/governance-vectors.json").get("storage");

  @ParameterizedTest
  @CsvSource({
    "kms, kmsAllowedAggregatedMrs, 6",
    "kms, kmsAllowedDeviceIds, 7",
    "kms, allowedOsImages, 8",
    "app, allowedComposeHashes, 0",
    "app, allowedDeviceIds, 2"
  })
  void findsTheEntriesOfMappings(String contract, String mapping, int slot) {
    JsonNode vector = STORAGE.get(contract).get(mapping);
    assertThat(vector.get("slot").intValue()).isEqualTo(slot);
    Word key = Word.parse(vector.get("key").stringValue());
    assertThat(Slots.entry(key, slot).text()).isEqualTo(vector.get("location").stringValue());
  }

  @Test
  void findsTheEntryOfAnAddress() {
    JsonNode vector = STORAGE.get("kms").get("registeredApps");
    Word key = Address.parse(vector.get("key").stringValue()).word();
    assertThat(Slots.entry(key, vector.get("slot").intValue()).text())
        .isEqualTo(vector.get("location").stringValue());
  }

  @Test
  void findsTheWordsOfALongText() {
    String first = STORAGE.get("kms").get("gatewayAppId").get("long_data_location").stringValue();
    assertThat(Slots.data(4, 0).text()).isEqualTo(first);
    assertThat(Slots.data(4, 2).number())
        .isEqualTo(Slots.data(4, 0).number().add(java.math.BigInteger.TWO));
  }
}
