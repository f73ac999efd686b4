package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.testkit.Vectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The report data of a bootstrap (specification 03 §8) against the vectors of both root sets. */
class KeyStatementTest {
  @Test
  void equalsTheVectorsOfEveryRootSet() {
    JsonNode roots = Vectors.json("keys.json").get("roots");

    assertThat(roots).isNotEmpty();
    for (JsonNode root : roots) {
      assertThat(statement(root).reportData().value().hex())
          .isEqualTo(root.at("/bootstrap_report_data/report_data").asString());
    }
  }

  @Test
  void changesWithEitherKey() {
    JsonNode roots = Vectors.json("keys.json").get("roots");
    KeyStatement a = statement(roots.get(0));
    KeyStatement b = statement(roots.get(1));

    assertThat(new KeyStatement(a.ca(), b.k256()).reportData()).isNotEqualTo(a.reportData());
    assertThat(new KeyStatement(b.ca(), a.k256()).reportData()).isNotEqualTo(a.reportData());
  }

  private static KeyStatement statement(JsonNode root) {
    Bytes spki = Bytes.fromHex(root.at("/root_ca/spki").asString());
    Bytes k256 = Bytes.fromHex(root.at("/root_k256/public_key_compressed").asString());
    return new KeyStatement(
        P256PublicKey.fromSubjectPublicKeyInfo(spki).orElseThrow(), new Secp256k1PublicKey(k256));
  }
}
