package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.testkit.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What light clients read lies exactly where the vectors have it (specification 20 §6). */
final class StorageVectorsTest extends ChainTest {
  private Address app = Address.ZERO;

  @Override
  protected void prepare() {
    app = kms.deployApp(owner, false, false, false, Word.ZERO, Word.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "kms,kmsAllowedAggregatedMrs,KmsAggregatedMr",
    "kms,kmsAllowedDeviceIds,KmsDevice",
    "kms,allowedOsImages,OsImageHash",
    "app,allowedComposeHashes,ComposeHash",
    "app,allowedDeviceIds,Device"
  })
  void hasEntriesOfListsAtTheirLocations(String part, String list, String function) {
    Address contract = part.equals("kms") ? kms.kms() : app;
    JsonNode vector = storage().get(part).get(list);
    Word location = Word.parse(vector.get("location").asString());
    Word key = Word.parse(vector.get("key").asString());
    assertThat(chain.slot(contract, location).isZero()).isTrue();
    kms.send(owner, contract, "add" + function + "(bytes32)", key);
    assertThat(chain.slot(contract, location)).isEqualTo(StorageSlots.number(1));
    kms.send(owner, contract, "remove" + function + "(bytes32)", key);
    assertThat(chain.slot(contract, location).isZero()).isTrue();
  }

  @Test
  void hasRegisteredApplicationsAtTheirLocations() {
    JsonNode vector = storage().get("kms").get("registeredApps");
    Address key = Address.parse(vector.get("key").asString());
    kms.send(stranger, kms.kms(), "registerApp(address)", key);
    assertThat(chain.slot(kms.kms(), Word.parse(vector.get("location").asString())))
        .isEqualTo(StorageSlots.number(1));
  }

  @Test
  void hasTheGatewayAsTextOfEitherLength() {
    Word further =
        Word.parse(storage().get("kms").get("gatewayAppId").get("long_data_location").asString());
    for (JsonNode example : storage().get("stringExamples")) {
      kms.owner("setGatewayAppId(string)", example.get("value").asString());
      assertThat(chain.slot(kms.kms(), 4))
          .isEqualTo(Word.parse(example.get("slotValue").asString()));
      if (example.has("data")) {
        assertThat(chain.slot(kms.kms(), further))
            .isEqualTo(Word.parse(example.get("data").get(0).asString()));
      }
    }
  }

  @Test
  void clearsWhatAShorterTextLeavesBehind() {
    kms.owner("setGatewayAppId(string)", "g".repeat(42));
    kms.owner("setGatewayAppId(string)", "any");
    assertThat(chain.slot(kms.kms(), StorageSlots.longText(4, 0)).isZero()).isTrue();
    assertThat(chain.slot(kms.kms(), StorageSlots.longText(4, 1)).isZero()).isTrue();
  }

  @Test
  void hasImplementationAndOwnerInTheirNamespaces() {
    assertThat(chain.slot(kms.kms(), Selectors.word("storage", "erc1967.implementation")))
        .isEqualTo(kms.kmsImplementation().word());
    assertThat(chain.slot(app, Selectors.word("storage", "erc1967.implementation")))
        .isEqualTo(kms.appImplementation().word());
    assertThat(chain.slot(app, Selectors.word("storage", "erc7201.Ownable")))
        .isEqualTo(owner.word());
  }

  private static JsonNode storage() {
    return Vectors.json("contracts/governance-vectors.json").get("storage");
  }
}
