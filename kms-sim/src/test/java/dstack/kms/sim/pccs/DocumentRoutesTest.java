package dstack.kms.sim.pccs;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.fault.DocumentFault;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.snp.SnpChip;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.snp.SnpTcb;
import dstack.kms.sim.testing.Openssl;
import dstack.kms.sim.testing.Program;
import dstack.kms.sim.testing.TestPlatform;
import dstack.kms.sim.testing.VendorTools;
import dstack.kms.sim.vendor.VendorCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetched with curl and judged by openssl. */
final class DocumentRoutesTest {
  @TempDir private Path folder;
  private SimulatedPlatform platform;
  private SimulatedPccs service;

  @BeforeEach
  void serve() throws IOException {
    platform = TestPlatform.in(folder);
    service = SimulatedPccs.serve(0, platform);
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void certificatesNameTheAddressAtWhichTheirDocumentsLie() {
    assertThat(text(platform.nitro().regional(platform.documents())))
        .contains("URI:" + service.url() + "/nitro/root.crl");
    assertThat(text(platform.nitroTpm().zonal(platform.documents())))
        .contains("URI:" + service.url() + "/nitro-tpm/regional.crl");
    assertThat(text(platform.tpm().intermediate(platform.documents())))
        .contains("URI:" + service.url() + "/gcp-tpm/root.crl")
        .contains("CA Issuers - URI:" + service.url() + "/gcp-tpm/root.crt");
  }

  @Test
  void listsAreSignedByTheirIssuersAndEmpty() {
    assertList("/nitro/root.crl", platform.nitro().folder().root());
    assertList("/nitro/regional.crl", platform.nitro().regional(platform.documents()));
    assertList("/nitro-tpm/root.crl", platform.nitroTpm().folder().root());
    assertList("/gcp-tpm/root.crl", platform.tpm().folder().root());
    assertList("/vcek/v1/Milan/crl", platform.snp(SnpProduct.MILAN).ark());
  }

  private void assertList(String path, VendorCertificate issuer) {
    assertThat(new VendorTools(folder).list(issuer.der(), fetch(path)).output())
        .contains("verify OK")
        .contains("No Revoked Certificates");
  }

  @Test
  void faultyListsAreForgedOrRevokeTheOneCertificate() {
    Bytes root = platform.nitro().folder().root().der();
    service.inject(DocumentFault.LISTS_FORGED);
    assertThat(new VendorTools(folder).list(root, fetch("/nitro/root.crl")).output())
        .contains("verify failure");
    service.inject(DocumentFault.CERTIFICATES_REVOKED);
    VendorCertificate regional = platform.nitro().regional(platform.documents());
    assertThat(new VendorTools(folder).list(root, fetch("/nitro/root.crl")).output())
        .contains("verify OK")
        .containsIgnoringCase(regional.serialNumber().toString(16));
  }

  @Test
  void issuersCertificatesAreThoseOfTheChain() {
    assertThat(fetch("/gcp-tpm/root.crt")).isEqualTo(platform.tpm().folder().root().der());
    assertThat(fetch("/gcp-tpm/intermediate.crt"))
        .isEqualTo(platform.tpm().intermediate(platform.documents()).der());
  }

  @Test
  void amdsServiceCertifiesAChipAtTheTcbThatIsAskedFor() {
    SnpChip chip = SnpChip.of(SnpProduct.MILAN, 3);
    Bytes vcek =
        fetch("/vcek/v1/Milan/" + chip.id().hex() + "?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219");
    var maker = platform.snp(SnpProduct.MILAN);
    assertThat(
            new VendorTools(folder)
                .chain(maker.ark().der(), java.util.List.of(maker.ask(service.url()).der()), vcek)
                .output())
        .contains(": OK");
    assertThat(key(vcek))
        .isEqualTo(maker.vcek(service.url(), chip, SnpTcb.CURRENT).key().publicInfo());
    assertThat(fetch("/vcek/v1/Milan/cert_chain").utf8Text())
        .startsWith("-----BEGIN CERTIFICATE-----\n")
        .endsWith("-----END CERTIFICATE-----\n" + maker.ark().pem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/vcek/v1/Rome/cert_chain",
        "/vcek/v1/Milan/00",
        "/vcek/v1/Turin/crl2",
        "/nitro/zonal.crl",
        "/gcp-tpm/"
      })
  void knowsNoOtherDocuments(String path) {
    Program answer = Program.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url(path));
    assertThat(answer.output()).isEqualTo("404");
  }

  @Test
  void documentsSufferFromTheServicesOwnFaults() {
    Bytes whole = fetch("/nitro/root.crl");
    service.misbehave(PccsFault.TRUNCATED);
    // Each answer is signed anew, and a signature may be a few bytes longer or shorter.
    assertThat(fetch("/nitro/root.crl").length())
        .isBetween(whole.length() / 2 - 3, whole.length() / 2 + 3);
  }

  private Bytes key(Bytes certificate) {
    Openssl openssl = new Openssl(folder);
    String pem =
        openssl
            .run(
                "x509",
                "-inform",
                "DER",
                "-in",
                openssl.file("c.der", certificate).toString(),
                "-noout",
                "-pubkey")
            .output();
    return Bytes.of(
        java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
  }

  private String text(VendorCertificate certificate) {
    Openssl openssl = new Openssl(folder);
    Path file = openssl.file("certificate.der", certificate.der());
    return openssl
        .run("x509", "-inform", "DER", "-in", file.toString(), "-noout", "-text")
        .output();
  }

  private Bytes fetch(String path) {
    Path file = folder.resolve("fetched");
    Program.run("curl", "-s", "-f", "-o", file.toString(), url(path));
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String url(String path) {
    return service.url() + path;
  }
}
