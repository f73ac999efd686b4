package dstack.kms.attest.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelCertificateTableTest {
  private static final String ASK = "4ab7b379bbac4fe4a02f05aef327c782";
  private static final String VCEK = "63da758de6644564adc5f4b93be8accd";
  private static final String VLEK = "a8074bc2a25a483eaae639c045a0b8a1";
  private static final String ARK = "c0b406a4a8034952 9743 3fb6014cd0ae".replace(" ", "");
  private static final Bytes END = Bytes.zeros(24);

  @Test
  void verifiesRealEvidenceWhoseCertificatesComeInATable() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    Bytes ask = CertificateText.der(real.certChain().getFirst());
    Bytes vcek = CertificateText.der(real.certChain().getLast());
    int start = 4 * 24;
    Bytes table =
        Bytes.concat(
            entry(ARK, start, 1),
            entry(VCEK, start, vcek.length()),
            entry(ASK, start + vcek.length(), ask.length()),
            END,
            vcek,
            ask,
            Bytes.zeros(100));
    SnpVerifier verifier =
        new SnpVerifier(
            SnpTrustAnchors.amd(),
            new GivenKds(Optional.empty(), Optional.empty()),
            new NoIssuerDocuments(),
            RevocationRule.REPORTED,
            SnpEvidenceConfig.defaults(),
            SnpWorld.VERIFIER,
            () -> RealSnp.NOW);

    assertThat(
            verifier.verify(
                new SevSnpEvidence(real.report(), List.of(table), real.mrConfig()),
                RealSnp.claims(RealSnp.complete())))
        .isNotNull();
  }

  @Test
  void findsTheTwoCertificatesInAnyOrder() {
    Bytes content = Bytes.fromHex("a1a2b1b2b3");
    for (Bytes table :
        List.of(
            Bytes.concat(entry(ASK, 72, 2), entry(VCEK, 74, 3), END, content),
            Bytes.concat(entry(VCEK, 74, 3), entry(ASK, 72, 2), END, content))) {
      SnpCertificates found = KernelCertificateTable.parse(table);
      assertThat(found.ask().hex()).isEqualTo("a1a2");
      assertThat(found.vcek().hex()).isEqualTo("b1b2b3");
    }
  }

  @Test
  void refusesVlekEvenBesideAVcek() {
    Bytes table =
        Bytes.concat(
            entry(ASK, 96, 1), entry(VCEK, 96, 1), entry(VLEK, 96, 1), END, Bytes.zeros(1));

    assertThatThrownBy(() -> KernelCertificateTable.parse(table))
        .hasMessage("amd sev-snp vlek certificates are not supported yet");
  }

  @Test
  void refusesTableThatLacksACertificate() {
    assertRefused(END, "no ask certificate");
    assertRefused(Bytes.concat(entry(ASK, 48, 1), END, Bytes.zeros(1)), "no vcek certificate");
    assertRefused(Bytes.concat(entry(VCEK, 48, 1), END, Bytes.zeros(1)), "no ask certificate");
  }

  @Test
  void refusesCertificateThatStandsThereTwice() {
    assertRefused(
        Bytes.concat(entry(ASK, 72, 1), entry(ASK, 72, 1), END, Bytes.zeros(1)),
        "a kind of certificate stands twice");
  }

  @Test
  void refusesTableWithoutItsEnd() {
    assertRefused(Bytes.EMPTY, "no terminating entry");
    assertRefused(Bytes.zeros(23), "no terminating entry");
    assertRefused(entry(ASK, 24, 0).slice(0, 20), "no terminating entry");
    assertRefused(Bytes.concat(entry(ARK, 24, 1), Bytes.fromHex("01")), "no terminating entry");
  }

  @ParameterizedTest
  @CsvSource({
    "23, 1",
    "0, 1",
    "49, 1",
    "48, 2",
    "48, 0",
    "4294967295, 1",
    "48, 4294967295",
    "4294967295, 4294967295",
    "2147483648, 2147483648",
  })
  void refusesEntriesThatPointOutside(long offset, long length) {
    assertRefused(
        Bytes.concat(entry(ASK, offset, length), END, Bytes.zeros(1)),
        "an entry points outside of it");
  }

  @Test
  void refusesTableBeyondItsLimit() {
    assertRefused(Bytes.zeros((64 << 10) + 1), "longer than 64 KiB");
  }

  @Property
  void readsOrRefusesAnyTable(@ForAll byte[] input) {
    try {
      SnpCertificates.of(List.of(Bytes.of(input)));
    } catch (RefusalException expected) {
      assertThat(expected.code()).isInstanceOf(SnpRefusal.class);
    }
  }

  private static void assertRefused(Bytes table, String why) {
    assertThatThrownBy(() -> KernelCertificateTable.parse(table))
        .hasMessage("amd sev-snp certificate table is malformed: " + why);
  }

  private static Bytes entry(String kind, long offset, long length) {
    ByteBuffer entry = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    entry.put(Bytes.fromHex(kind).toArray()).putInt((int) offset).putInt((int) length);
    return Bytes.of(entry.array());
  }
}
