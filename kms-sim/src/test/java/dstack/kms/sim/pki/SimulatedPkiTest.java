package dstack.kms.sim.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.testing.Openssl;
import dstack.kms.sim.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulatedPkiTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void opensslAcceptsThePckChainUnderItsOwnRootAndTheRevocationLists(PckAuthority authority)
      throws IOException {
    SimulatedPki pki = open();
    SimulatedDevice device = pki.device(3, authority);
    assertThat(verify(pki, device, List.of()).output()).contains("OK");
  }

  @Test
  void opensslRefusesThePckOnceItsAuthorityRevokesIt() throws IOException {
    SimulatedPki pki = open();
    SimulatedDevice device = pki.device(0, PckAuthority.PLATFORM);
    Program verdict = verify(pki, device, List.of(device.chain().getFirst()));
    assertThat(verdict.status()).isNotZero();
    assertThat(verdict.output()).contains("certificate revoked");
  }

  @Test
  void opensslRefusesThePckUnderTheRootOfAnotherFolder(@TempDir Path elsewhere) throws IOException {
    SimulatedPki other =
        SimulatedPki.open(elsewhere.resolve("s"), InstantSource.fixed(NOW), new SecureRandom());
    Program verdict = verify(other, open().device(0, PckAuthority.PLATFORM), List.of());
    assertThat(verdict.status()).isNotZero();
  }

  @Test
  void extensionOfIntelsRealPckIsReproducedByteByByte() {
    // The values of tdx_quote_v4_a, specification 11 §4; the bytes are the real certificate's.
    PckIdentity real =
        new PckIdentity(
            Bytes.fromHex("811dca2a26b952e85bb6448b097ba4fd"),
            Bytes.fromHex("03030202040100050000000000000000"),
            11,
            Bytes.fromHex("0000"),
            Bytes.fromHex("b0c06f000000"),
            java.util.Optional.of(Bytes.fromHex("07828474603e7019dc930775ffe8cdd2")));
    byte[] quote = dstack.kms.testkit.Vectors.bytes("tdx/tdx_quote_v4_a.bin");
    String chain = Bytes.of(quote, 1258, quote.length).utf8Text();
    Bytes certificate = PemText.decode("CERTIFICATE", chain);
    assertThat(certificate.hex()).contains(SgxExtension.der(real).hex());
  }

  @Test
  void processorDeviceHasNoPlatformInstance() {
    SimulatedDevice device = open().device(1, PckAuthority.PROCESSOR);
    assertThat(device.identity().platformInstanceId()).isEmpty();
    assertThat(SgxExtension.der(device.identity()).hex()).doesNotContain("0a2a864886f84d010d0106");
  }

  @Test
  void nothingInANameCouldBeTakenForIntel() {
    SimulatedPki pki = open();
    for (CertifiedKey each : pki.device(0, PckAuthority.PLATFORM).chain()) {
      assertThat(each.certificate().getSubject().toString())
          .contains("SIMULATED")
          .doesNotContain("Intel");
    }
  }

  @Test
  void reopeningReusesRootsAndDevices() {
    SimulatedPki first = open();
    SimulatedDevice device = first.device(7, PckAuthority.PLATFORM);
    SimulatedPki second = open();
    assertThat(second.root().der()).isEqualTo(first.root().der());
    assertThat(second.device(7, PckAuthority.PLATFORM).chainPem()).isEqualTo(device.chainPem());
    assertThat(second.issued(PckAuthority.PLATFORM)).hasSize(1);
    assertThat(second.issued(PckAuthority.PROCESSOR)).isEmpty();
  }

  @Test
  void racingProcessesEndUpWithOneRoot() throws ExecutionException, InterruptedException {
    List<Future<Bytes>> roots = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        roots.add(threads.submit(() -> open().root().der()));
      }
    }
    Bytes winner = open().root().der();
    for (Future<Bytes> root : roots) {
      assertThat(root.get()).isEqualTo(winner);
    }
  }

  @Test
  void halfMadeFolderOfAKilledProcessIsNotTakenForRoots() throws IOException {
    Path killed = Files.createDirectories(folder.resolve("sim").resolve(".new-0123"));
    Files.writeString(killed.resolve("root-ca.key"), "half");
    assertThat(open().root().pem()).startsWith("-----BEGIN CERTIFICATE-----");
  }

  @Test
  void filesAreForTheOwnerOnly() throws IOException {
    SimulatedPki pki = open();
    pki.device(0, PckAuthority.PLATFORM);
    pki.write("collateral.json", "{}");
    try (Stream<Path> all = Files.walk(folder.resolve("sim"))) {
      for (Path each : all.toList()) {
        String expected = Files.isDirectory(each) ? "rwx------" : "rw-------";
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void refusesAFolderWithADamagedKey() throws IOException {
    open();
    Files.writeString(folder.resolve("sim/roots/root-ca.key"), "damaged");
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no PEM block PRIVATE KEY");
  }

  @Test
  void refusesAFolderWithAMissingCertificate() throws IOException {
    open();
    Files.delete(folder.resolve("sim/roots/tcb-signing.pem"));
    assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void refusesAFileWhereTheFolderShouldBe() throws IOException {
    Files.writeString(folder.resolve("sim"), "a file");
    assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class);
  }

  private SimulatedPki open() {
    return SimulatedPki.open(folder.resolve("sim"), InstantSource.fixed(NOW), new SecureRandom());
  }

  private Program verify(SimulatedPki anchor, SimulatedDevice device, List<CertifiedKey> revoked)
      throws IOException {
    Openssl openssl = new Openssl(folder);
    CertifiedKey ca = device.chain().get(1);
    Bytes pckCrl = revocations(ca, revoked);
    Bytes rootCrl = revocations(device.chain().get(2), List.of());
    String lists = PemText.encode("X509 CRL", pckCrl) + PemText.encode("X509 CRL", rootCrl);
    return openssl.run(
        "verify",
        "-attime",
        String.valueOf(NOW.getEpochSecond()),
        "-x509_strict",
        "-crl_check_all",
        "-CRLfile",
        openssl.file("lists.pem", Bytes.utf8(lists)).toString(),
        "-CAfile",
        anchor.rootCertificateFile().toString(),
        "-untrusted",
        openssl.file("ca.pem", Bytes.utf8(ca.pem())).toString(),
        openssl.file("pck.pem", Bytes.utf8(device.chain().getFirst().pem())).toString());
  }

  private static Bytes revocations(CertifiedKey issuer, List<CertifiedKey> revoked) {
    return new RevocationList(
            issuer,
            issuer.key(),
            NOW.minusSeconds(60),
            NOW.plus(Duration.ofDays(1)),
            revoked.stream().map(CertifiedKey::serialNumber).toList())
        .der();
  }
}
