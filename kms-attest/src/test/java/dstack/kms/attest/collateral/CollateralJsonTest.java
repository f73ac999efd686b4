package dstack.kms.attest.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.World;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Allocation;
import dstack.kms.testkit.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class CollateralJsonTest {
  private static ObjectNode vector() {
    return (ObjectNode) Vectors.json("tdx/tdx_quote_v4_a.collateral.json");
  }

  @Test
  void readsTheVectors() {
    ObjectNode json = vector();
    Collateral collateral = Collateral.fromJson(json.toString());

    assertThat(collateral.tcbInfo()).isEqualTo(json.get("tcb_info").stringValue());
    assertThat(collateral.qeIdentity()).isEqualTo(json.get("qe_identity").stringValue());
    assertThat(collateral.rootCaCrl().hex()).isEqualTo(json.get("root_ca_crl").stringValue());
    assertThat(collateral.pckCrl().hex()).isEqualTo(json.get("pck_crl").stringValue());
    assertThat(collateral.tcbInfoSignature().length()).isEqualTo(64);
    assertThat(collateral.pckCertificateChain()).isEmpty();
    assertThat(Collateral.fromJson(collateral.toJson())).isEqualTo(collateral);
  }

  @Test
  void readsIntegersInPlaceOfHex() {
    ObjectNode json = vector();
    Collateral expected = Collateral.fromJson(json.toString());
    for (String key : List.of("root_ca_crl", "pck_crl", "tcb_info_signature")) {
      ArrayNode list = json.putArray(key);
      Bytes bytes = Bytes.fromHex(vector().get(key).stringValue());
      for (int i = 0; i < bytes.length(); i++) {
        list.add(bytes.at(i));
      }
    }

    assertThat(Collateral.fromJson(json.toString())).isEqualTo(expected);
  }

  @Test
  void keepsTheChainOfThePlatform() {
    Collateral collateral = new World().collateral().withPckCertificateChain("chain");

    assertThat(Collateral.fromJson(collateral.toJson()).pckCertificateChain()).contains("chain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pck_crl_issuer_chain",
        "root_ca_crl",
        "pck_crl",
        "tcb_info_issuer_chain",
        "tcb_info",
        "tcb_info_signature",
        "qe_identity_issuer_chain",
        "qe_identity",
        "qe_identity_signature"
      })
  void refusesAMissingNullOrForeignPart(String key) {
    ObjectNode missing = vector();
    missing.remove(key);
    ObjectNode isNull = vector().putNull(key);
    ObjectNode number = vector().put(key, 1);
    for (ObjectNode json : List.of(missing, isNull, number)) {
      assertRefused(json.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"256", "-1", "1.0", "null", "\"00\""})
  void refusesListsThatAreNoBytes(String item) {
    assertRefused(
        vector()
            .toString()
            .replaceFirst("\"pck_crl\":\"[0-9a-f]*\"", "\"pck_crl\":[" + item + "]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "{}", "{}{}"})
  void refusesWhatIsNoObject(String text) {
    assertRefused(text);
  }

  @Test
  void refusesRepeatedKeysOddHexAndTooMuchText() {
    assertRefused(vector().toString().replaceFirst("\\{", "{\"tcb_info\":\"\","));
    assertRefused(vector().put("root_ca_crl", "300").toString());
    assertRefused(vector().put("root_ca_crl", "0x30").toString());
    assertRefused(" ".repeat(CollateralJson.MAX_LENGTH + 1));
  }

  @Test
  void refusesSixteenMegabytesOfTokensBeforeTheyAreATree() {
    String many = "{\"pck_crl\":[" + "{},".repeat((16 << 20) / 3 - 8) + "{}]}";
    long allocated = Allocation.bytesOf(() -> assertRefused(many));
    assertThat(allocated).isLessThan(96L << 20);
  }

  private static void assertRefused(String json) {
    assertThatThrownBy(() -> Collateral.fromJson(json))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to parse collateral: ");
  }
}
