package dstack.kms.attest.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.snp.RealSnp;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MrConfigTest {
  private static final String COMPOSE = "\"compose_hash\":\"" + "22".repeat(32) + "\"";
  private static final String LEAST = COMPOSE + ",\"key_provider\":\"none\"";

  @Test
  void hashesTheRealDocumentToTheRealHostData() {
    assertThat(MrConfig.hostDataOf(RealSnp.evidence(RealSnp.complete()).mrConfig()).hex())
        .isEqualTo("783f0057820acb99249af56cc3b07b4e8d80f65183167cba9cf437bb680f742f");
  }

  @Test
  void readsTheLeastDocument() {
    MrConfig config = MrConfig.parse("{" + LEAST + "}");

    assertThat(config.appId()).isEqualTo(Bytes.EMPTY);
    assertThat(config.instanceId()).isEqualTo(Bytes.EMPTY);
    assertThat(config.composeHash().hex()).isEqualTo("22".repeat(32));
    assertThat(config.keyProviderInfo().utf8Text()).isEqualTo("{\"name\":\"none\",\"id\":\"\"}");
  }

  @Test
  void readsNullAsAbsentWhereAMemberMayBe() {
    String text =
        "{\"version\":3,\"app_id\":null,\"gpu_policy_hash\":null,\"key_provider_id\":null,"
            + "\"instance_id\":null,\"init_script_hashes\":null,"
            + LEAST
            + "}";

    assertThat(MrConfig.parse(text)).isEqualTo(MrConfig.parse("{" + LEAST + "}"));
  }

  @ParameterizedTest
  @CsvSource({"none, none", "kms, kms", "local, local-sgx", "tpm, tpm"})
  void namesTheKeyProviderAsItsEventDoes(String name, String inInfo) {
    MrConfig config =
        MrConfig.parse(
            "{" + COMPOSE + ",\"key_provider\":\"" + name + "\",\"key_provider_id\":\"0aFF\"}");

    assertThat(config.keyProviderInfo().utf8Text())
        .isEqualTo("{\"name\":\"" + inInfo + "\",\"id\":\"0aff\"}");
  }

  @Test
  void readsInitScriptHashesInTheirOrder() {
    String hashes = "\"" + "01".repeat(32) + "\",\"" + "02".repeat(32) + "\"";
    MrConfig config = MrConfig.parse("{\"init_script_hashes\":[" + hashes + "]," + LEAST + "}");

    assertThat(config.initScriptHashes())
        .containsExactly(Bytes.fromHex("01".repeat(32)), Bytes.fromHex("02".repeat(32)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app_id|19|mr_config.app_id must be 20 bytes",
        "app_id|21|mr_config.app_id must be 20 bytes",
        "instance_id|19|mr_config.instance_id must be 20 bytes",
        "instance_id|32|mr_config.instance_id must be 20 bytes",
        "gpu_policy_hash|31|mr_config.gpu_policy_hash must be 32 bytes",
      })
  void t12_refusesIdentitiesOfOtherLength(String name, int length, String text) {
    String document = "{\"" + name + "\":\"" + "ab".repeat(length) + "\"," + LEAST + "}";

    assertThatThrownBy(() -> MrConfig.parse(document)).hasMessage(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void t13_refusesComposeHashOfOtherLength(int length) {
    String document =
        "{\"compose_hash\":\"" + "ab".repeat(length) + "\",\"key_provider\":\"none\"}";

    assertThatThrownBy(() -> MrConfig.parse(document))
        .hasMessage("mr_config.compose_hash must be 32 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"compose_hash\":\"zz\",\"key_provider\":\"none\"}",
        "{\"key_provider\":\"none\"}",
      })
  void refusesWhatIsNoDocument(String text) {
    assertThatThrownBy(() -> MrConfig.parse(text)).isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"other\":1",
        "\"version\":2",
        "\"version\":4",
        "\"version\":259",
        "\"version\":null",
        "\"version\":\"3\"",
        "\"app_id\":\"0x" + "00" + "\"",
        "\"compose_hash\":\"\"",
        "\"key_provider\":\"KMS\"",
        "\"init_script_hashes\":\"\"",
        "\"init_script_hashes\":[\"00\"]",
        "\"init_script_hashes\":[1]",
        "\"init_script_hashes\":[\"\",\"\",\"\",\"\",\"\",\"\"]",
      })
  void refusesMembersOfOtherForm(String member) {
    assertThatThrownBy(() -> MrConfig.parse("{" + member + "," + LEAST + "}"))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local-sgx", "", "kms ", "None"})
  void refusesUnknownKeyProviders(String name) {
    assertThatThrownBy(() -> MrConfig.parse("{" + COMPOSE + ",\"key_provider\":\"" + name + "\"}"))
        .hasMessage("mr_config.key_provider is unknown");
  }

  @Test
  void refusesDocumentsBeyondTheirLimit() {
    String padded = "{" + LEAST + " ".repeat(64 << 10) + "}";

    assertThatThrownBy(() -> MrConfig.parse(padded)).hasMessage("mr_config is longer than 64 KiB");
  }

  @Property
  void readsOrRefusesAnyText(@ForAll String text) {
    try {
      MrConfig.parse(text);
    } catch (RefusalException expected) {
      assertThat(expected.code()).isEqualTo(LaunchRefusal.MR_CONFIG);
    }
  }
}
