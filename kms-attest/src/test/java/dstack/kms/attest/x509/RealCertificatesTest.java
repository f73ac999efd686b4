package dstack.kms.attest.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Intel really issues, against the values in specification 11 §4 and §10. */
class RealCertificatesTest {
  private static UnverifiedCertificate leafOf(String quote) {
    Bytes raw = Bytes.of(Vectors.bytes("tdx/" + quote));
    String chain = UnverifiedQuote.parse(raw).signatureData().certification().data().utf8Text();
    List<Bytes> certificates = PemChain.split(chain);
    assertThat(certificates).hasSize(3);
    return UnverifiedCertificate.parse(certificates.getFirst());
  }

  @Test
  void readsThePlatformOfQuoteA() {
    UnverifiedCertificate leaf = leafOf("tdx_quote_v4_a.bin");
    PckExtension platform = PckExtension.of(leaf);

    assertThat(platform.fmspc().hex()).isEqualTo("b0c06f000000");
    assertThat(PckExtension.fmspcOf(leaf)).isEqualTo(platform.fmspc());
    assertThat(platform.ppid().hex()).isEqualTo("811dca2a26b952e85bb6448b097ba4fd");
    assertThat(platform.cpuSvn().hex()).isEqualTo("03030202040100050000000000000000");
    assertThat(platform.pceSvn()).isEqualTo(11);
    assertThat(platform.pceId().hex()).isEqualTo("0000");
    assertThat(platform.sgxType()).isEqualTo(1);
    assertThat(platform.platformInstanceId())
        .contains(Bytes.fromHex("07828474603e7019dc930775ffe8cdd2"));
    assertThat(PckCa.ofIssuer(leaf)).isEqualTo(PckCa.PLATFORM);
    assertThat(leaf.subject().commonName()).isEqualTo("Intel SGX PCK Certificate");
    assertThat(leaf.revocationListUri())
        .contains(
            "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der");
  }

  @Test
  void readsThePlatformOfQuoteB() {
    PckExtension platform = PckExtension.of(leafOf("tdx_quote_v4_b.bin"));

    assertThat(platform.fmspc().hex()).isEqualTo("20a06f000000");
    assertThat(platform.ppid().hex()).isEqualTo("354e2a1c79c98e81723eab4b78b990a7");
    assertThat(platform.cpuSvn().hex()).isEqualTo("0404020205ff00020000000000000000");
    assertThat(platform.pceSvn()).isEqualTo(13);
  }

  @Test
  void readsTheRootAndWhereItsListLies() {
    UnverifiedCertificate root =
        UnverifiedCertificate.parse(Bytes.of(Vectors.bytes("tdx/intel_sgx_root_ca.der")));

    assertThat(root.subject()).isEqualTo(root.issuer());
    assertThat(root.subject().commonName()).isEqualTo("Intel SGX Root CA");
    assertThat(root.revocationListUri())
        .contains("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der");
    assertThat(root.validity())
        .isEqualTo(
            ValidityWindow.between(
                Instant.parse("2018-05-21T10:45:10Z"), Instant.parse("2049-12-31T23:59:59Z")));
  }

  @Test
  void readsTheRevocationListsOfTheVectors() {
    Bytes pckCrl =
        Bytes.fromHex(
            Vectors.json("tdx/tdx_quote_v4_a.collateral.json").get("pck_crl").stringValue());
    RevocationList list = RevocationList.parse(pckCrl);

    assertThat(list.issuer().commonName()).isEqualTo("Intel SGX PCK Platform CA");
    assertThat(list.thisUpdate()).isEqualTo("2025-06-19T10:00:35Z");
    assertThat(list.nextUpdate()).isEqualTo("2025-07-19T10:00:35Z");
    assertThat(list.lists(new java.math.BigInteger("6FC34E5023E728923435D61AA4B83C618166AD35", 16)))
        .isTrue();
    assertThat(list.lists(new java.math.BigInteger("EFAE6E9715FCA13B87E333E8261ED6D990A926AD", 16)))
        .isTrue();
    assertThat(list.lists(java.math.BigInteger.ONE)).isFalse();
  }

  @Test
  void refusesTruncatedAndExtendedRevocationLists() {
    Bytes crl =
        Bytes.fromHex(
            Vectors.json("tdx/tdx_quote_v4_a.collateral.json").get("root_ca_crl").stringValue());
    for (int length = 0; length < crl.length(); length++) {
      Bytes truncated = crl.slice(0, length);
      assertThatThrownBy(() -> RevocationList.parse(truncated))
          .isInstanceOf(RefusalException.class);
    }
    assertThatThrownBy(() -> RevocationList.parse(Bytes.concat(crl, Bytes.zeros(1))))
        .hasMessage("BadDer");
  }
}
