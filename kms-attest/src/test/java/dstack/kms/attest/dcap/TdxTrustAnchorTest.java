package dstack.kms.attest.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.World;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;

class TdxTrustAnchorTest {
  @Test
  void intelsRootIsTheOneOfTheSpecification() {
    Bytes der = TdxTrustAnchor.intel().der();

    assertThat(Digests.sha256(der).hex())
        .isEqualTo("44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3");
    assertThat(der).isEqualTo(Bytes.of(Vectors.bytes("tdx/intel_sgx_root_ca.der")));
    assertThat(TdxTrustAnchor.intel().isIntel()).isTrue();
  }

  @Test
  void externalRootMayBePemOrDer() {
    Bytes der = new World().rootDer();

    assertThat(TdxTrustAnchor.external(der).der()).isEqualTo(der);
    assertThat(TdxTrustAnchor.external(Bytes.utf8(Certs.pem(der))).der()).isEqualTo(der);
    assertThat(TdxTrustAnchor.external(der).isIntel()).isFalse();
  }

  @Test
  void whatIsNoRootIsRefused() {
    Bytes der = new World().rootDer();
    String pem = Certs.pem(der);
    for (Bytes bad :
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("root"),
            Bytes.utf8(pem + pem),
            Bytes.utf8(pem + "x"),
            Bytes.concat(der, Bytes.zeros(1)),
            der.slice(0, der.length() - 1),
            Certs.leaf("leaf", "leaf").der())) {
      assertThatThrownBy(() -> TdxTrustAnchor.external(bad))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Failed to load root ca: ");
    }
  }

  @Test
  void externalRootReplacesIntels() {
    World world = new World();
    QuoteVerifier external =
        new QuoteVerifier(TdxTrustAnchor.external(world.rootDer()), RealData.VERIFIER);

    assertThatThrownBy(
            () -> external.verify(RealData.quoteA(), RealData.collateralA(), RealData.NOW_A))
        .hasMessage("UnknownRevocationStatus");
    assertThatThrownBy(
            () -> RealData.verifier().verify(world.quoteBytes(), world.collateral(), World.NOW))
        .hasMessage("UnknownRevocationStatus");
  }

  @Test
  void rootOfTheSameNameIsNotEnough() {
    World impostor = new World();
    impostor.root.spki =
        dstack.kms.attest.forged.Keys.named("impostor").publicKey().subjectPublicKeyInfo();
    QuoteVerifier verifier =
        new QuoteVerifier(TdxTrustAnchor.external(impostor.rootDer()), RealData.VERIFIER);
    World honest = new World();

    assertThatThrownBy(() -> verifier.verify(honest.quoteBytes(), honest.collateral(), World.NOW))
        .hasMessage("InvalidCrlSignatureForPublicKey");
  }
}
