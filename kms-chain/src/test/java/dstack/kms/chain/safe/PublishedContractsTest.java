package dstack.kms.chain.safe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our table of the Safe's contracts, held to the list that its makers publish. */
final class PublishedContractsTest {
  private static JsonNode deployment(String version, String name) throws IOException {
    Path file =
        Node.packages()
            .resolve("node_modules/@safe-global/safe-deployments/src/assets")
            .resolve(version)
            .resolve(name + ".json");
    if (!Files.exists(file)) {
      throw LeftOut.because("the Safe's list of deployments in build/npm");
    }
    JsonNode canonical =
        JsonMapper.shared().readTree(Files.readString(file)).at("/deployments/canonical");
    assertThat(canonical.isObject()).isTrue();
    return canonical;
  }

  private static Word hash(JsonNode deployment) {
    return Word.parse(deployment.get("codeHash").stringValue());
  }

  private static Address address(JsonNode deployment) {
    return Address.parse(deployment.get("address").stringValue());
  }

  @ParameterizedTest
  @CsvSource({
    "V1_4_1, v1.4.1, safe, safe_l2, safe_proxy_factory",
    "V1_3_0, v1.3.0, gnosis_safe, gnosis_safe_l2, proxy_factory"
  })
  void areKnownByTheHashesAndAddressesOfTheList(
      SafeVersion version, String folder, String safe, String layer2, String factory)
      throws IOException {
    assertThat(SafeVersion.ofSingleton(hash(deployment(folder, safe)))).contains(version);
    assertThat(SafeVersion.ofSingleton(hash(deployment(folder, layer2)))).contains(version);
    assertThat(version.factory()).isEqualTo(hash(deployment(folder, factory)));
    assertThat(version.multiSend()).isEqualTo(hash(deployment(folder, "multi_send_call_only")));
    assertThat(version.fallbackHandler())
        .isEqualTo(hash(deployment(folder, "compatibility_fallback_handler")));
    assertThat(SafeAddresses.canonical(version))
        .isEqualTo(
            new SafeAddresses(
                address(deployment(folder, layer2)),
                address(deployment(folder, factory)),
                address(deployment(folder, "multi_send_call_only")),
                address(deployment(folder, "compatibility_fallback_handler"))));
  }

  @Test
  void doNotIncludeMultiSendThatDelegates() throws IOException {
    for (String folder : List.of("v1.4.1", "v1.3.0")) {
      Word hash = hash(deployment(folder, "multi_send"));
      assertThat(SafeVersion.values()).extracting(SafeVersion::multiSend).doesNotContain(hash);
    }
    assertThat(SafeVersion.ofSingleton(Word.ZERO)).isEmpty();
    assertThat(SafeVersion.isProxy(new Word(Bytes.zeros(32)))).isFalse();
  }

  @Test
  void makeNoSafeWhoseThresholdCannotBeReachedOrWhoseOwnersAreNone() {
    Address one = Address.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    assertThatThrownBy(() -> new SafeSetup(List.of(one), 2)).isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> new SafeSetup(List.of(one), 0)).isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> new SafeSetup(List.of(), 0)).isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> new SafeSetup(List.of(one, one), 1))
        .hasMessageContaining("named twice");
    assertThatThrownBy(() -> new SafeSetup(List.of(one, Address.ZERO), 1))
        .hasMessageContaining("cannot own");
    assertThatThrownBy(
            () -> new SafeSetup(List.of(one, Address.ofWord(Word.of(BigInteger.ONE))), 1))
        .hasMessageContaining("cannot own");
  }
}
