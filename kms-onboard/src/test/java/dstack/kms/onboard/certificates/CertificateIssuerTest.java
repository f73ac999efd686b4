package dstack.kms.onboard.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.KmsExtension;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.Openssl;
import dstack.kms.sim.fault.ContainerFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's own certificates (specification 02 §5), judged by openssl and by the verifier. */
class CertificateIssuerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
  private static final RpcDomain DOMAIN = new RpcDomain("kms.example.com");
  private static final String NO_QUOTE =
      "failed to get a quote for the KMS RPC certificate. The KMS attests itself through the dstack"
          + " guest agent, so it must run inside a dstack CVM. For local development set"
          + " attest_rpc_cert = false: ";

  @TempDir Path folder;
  private Machine machine;
  private final SigningKeys keys = SigningKeys.generate(new SecureRandom());

  @BeforeEach
  void open() {
    machine = Machine.in(folder, CLOCK);
  }

  @AfterEach
  void close() {
    keys.close();
  }

  @Test
  void makesAChainThatOpensslAccepts() throws IOException {
    CertificateSet set = issuer(machine.guest(), true).issue(keys, DOMAIN);
    Path root = file("root.pem", set.rootCa());
    Path rpc = file("rpc.pem", set.rpc());

    assertThat(Openssl.run("verify", "-x509_strict", "-CAfile", root.toString(), rpc.toString()))
        .doesNotContain("unable to get", "self-signed certificate")
        .satisfiesAnyOf(
            text -> assertThat(text).endsWith("rpc.pem: OK\n"),
            text -> assertThat(text).contains("Missing Authority Key Identifier"));
    assertThat(Openssl.run("verify", "-CAfile", root.toString(), rpc.toString()))
        .endsWith("rpc.pem: OK\n");
    assertThat(
            Openssl.run(
                "x509", "-in", rpc.toString(), "-noout", "-subject", "-ext", "subjectAltName"))
        .contains("CN = kms.example.com")
        .contains("DNS:kms.example.com");
  }

  @Test
  void namesAnAddressAsAnAddress() throws IOException {
    CertificateSet set = issuer(machine.guest(), true).issue(keys, new RpcDomain("127.0.0.1"));

    assertThat(
            Openssl.run(
                "x509",
                "-in",
                file("rpc.pem", set.rpc()).toString(),
                "-noout",
                "-ext",
                "subjectAltName"))
        .contains("IP Address:127.0.0.1");
  }

  @Test
  void carriesVerifiableEvidenceOverItsKeyAndTheUsage() {
    CertificateSet set = issuer(machine.guest(), true).issue(keys, DOMAIN);
    ParsedCertificate rpc = parsed(set.rpc());

    UnverifiedAttestation evidence = evidence(rpc);
    assertThat(machine.verifier().verifyBoundTo(evidence, rpc.spki()).tcbStatus())
        .isEqualTo("UpToDate");
    assertThat(new KmsExtensions(rpc).specialUsage()).contains("kms:rpc");
    assertThat(rpc.spki()).isEqualTo(keys.rpc().publicKey().subjectPublicKeyInfo());
  }

  @Test
  void keepsTheContainerVersionAndStrips() {
    for (ContainerVersion version : ContainerVersion.values()) {
      QuoteSource source = guestWith(version);
      ParsedCertificate rpc = parsed(issuer(source, true).issue(keys, DOMAIN).rpc());

      UnverifiedAttestation evidence = evidence(rpc);
      assertThat(evidence.container()).isEqualTo(version);
      Bytes whole = source.attest(ReportData.ofCertificateKey(rpc.spki()));
      assertThat(evidence.encode().length()).isLessThan(whole.length());
      assertThat(machine.verifier().verifyBoundTo(evidence, rpc.spki())).isNotNull();
    }
  }

  @Test
  void leavesEvidenceOutOnlyWhereTheConfigurationSaysSo() {
    ParsedCertificate rpc = parsed(issuer(FakeQuotes.none(), false).issue(keys, DOMAIN).rpc());

    assertThat(new KmsExtensions(rpc).find(KmsExtension.ATTESTATION)).isEmpty();
    assertThat(new KmsExtensions(rpc).specialUsage()).contains("kms:rpc");
  }

  @Test
  void refusesWithoutAGuestAgent() {
    assertThatThrownBy(() -> issuer(FakeQuotes.none(), true).issue(keys, DOMAIN))
        .isInstanceOf(RefusalException.class)
        .hasMessage(NO_QUOTE + "the guest agent cannot be reached");
  }

  @Test
  void refusesBytesThatAreNoAttestation() {
    for (String hex : new String[] {"", "ff", "0000", "80"}) {
      QuoteSource garbage = FakeQuotes.answering(_ -> Bytes.fromHex(hex));

      assertThatThrownBy(() -> issuer(garbage, true).issue(keys, DOMAIN))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Invalid attestation: ");
    }
  }

  @Test
  void refusesTruncatedAndPaddedAttestations() {
    for (ContainerFault fault :
        new ContainerFault[] {ContainerFault.TRUNCATED, ContainerFault.TRAILING_BYTE}) {
      assertThatThrownBy(() -> issuer(machine.guest(fault), true).issue(keys, DOMAIN))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Invalid attestation: ");
    }
  }

  @Test
  void refusesEvidenceOverSomethingElse() {
    QuoteSource stale = FakeQuotes.answering(_ -> machine.guest().attest(ReportData.ZERO));

    assertThatThrownBy(() -> issuer(stale, true).issue(keys, DOMAIN))
        .isInstanceOf(RefusalException.class)
        .hasMessage("Invalid attestation: the evidence is not over the certificate's key")
        .extracting("code")
        .isEqualTo(NodeCertificateRefusal.EVIDENCE_UNBOUND);
  }

  private QuoteSource guestWith(ContainerVersion version) {
    return machine
        .platform()
        .boot(
            SimulatedIdentity.standard()
                .change()
                .container(dstack.kms.sim.container.ContainerVersion.valueOf(version.name()))
                .done());
  }

  private static CertificateIssuer issuer(QuoteSource quotes, boolean attested) {
    return new CertificateIssuer(new Certificates(CLOCK), quotes, attested);
  }

  private static ParsedCertificate parsed(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem));
  }

  private static UnverifiedAttestation evidence(ParsedCertificate certificate) {
    return UnverifiedAttestation.decode(
        new KmsExtensions(certificate).find(KmsExtension.ATTESTATION).orElseThrow());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
