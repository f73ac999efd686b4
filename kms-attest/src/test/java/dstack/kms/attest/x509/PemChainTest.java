package dstack.kms.attest.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemChainTest {
  private static final Bytes DER = Bytes.fromHex("30030201ff");
  private static final String BLOCK = Certs.pem(DER);

  @Test
  void splitsBlocksWithWhiteSpaceAndNulBetween() {
    assertThat(PemChain.split(BLOCK)).containsExactly(DER);
    assertThat(PemChain.split(BLOCK + BLOCK)).containsExactly(DER, DER);
    assertThat(PemChain.split("\r\n" + BLOCK + "\0")).containsExactly(DER);
    assertThat(PemChain.split(BLOCK.replace("\n", "\r\n"))).containsExactly(DER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\0", "no certificate at all"})
  void textWithoutBlocksIsEmpty(String text) {
    assertThat(PemChain.split(text)).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMA*=\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMAM\n-----END CERTIFICATE-----\n-----BEGIN",
        "-----BEGIN X509 CRL-----\nMAMCAf8=\n-----END X509 CRL-----"
      })
  void malformedBlocksAreRefused(String text) {
    assertThatThrownBy(() -> PemChain.split(text))
        .isInstanceOf(RefusalException.class)
        .hasMessage("Failed to parse certs");
  }

  @Test
  void textAroundBlocksIsRefused() {
    for (String text : List.of("x" + BLOCK, BLOCK + "x", BLOCK + "x" + BLOCK)) {
      assertThatThrownBy(() -> PemChain.split(text)).hasMessage("Failed to parse certs");
    }
  }

  @Test
  void moreThanEightCertificatesOrTooMuchTextIsRefused() {
    assertThat(PemChain.split(BLOCK.repeat(8))).hasSize(8);
    assertThatThrownBy(() -> PemChain.split(BLOCK.repeat(9))).hasMessage("Failed to parse certs");
    assertThatThrownBy(() -> PemChain.split(" ".repeat(PemChain.MAX_LENGTH + 1)))
        .hasMessage("Failed to parse certs");
  }
}
