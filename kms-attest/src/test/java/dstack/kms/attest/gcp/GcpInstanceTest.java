package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which machine a certificate names, and the operator's lists of machines. */
class GcpInstanceTest {
  private static final ASN1ObjectIdentifier OID =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.1.21");
  private static final GcpInstance REAL =
      new GcpInstance("us-central1-a", "wuhan-workshop", new BigInteger("3444874180353627024"));

  @Test
  void readsTheMachineOfRealCertificates() {
    assertThat(of(GcpData.quote(GcpData.REAL).akCert())).contains(REAL);
    assertThat(of(AttestationKeyChainTest.realAk()))
        .contains(
            new GcpInstance(
                "us-central1-a",
                "google.com:wuale-gcp-testing",
                new BigInteger("218557372616137117")));
    assertThat(of(GcpData.rsaQuote().akCert()))
        .contains(
            new GcpInstance(
                "us-central1-a",
                "google.com:wuale-gcp-testing",
                new BigInteger("6797026933021542085")));
    assertThat(REAL.label())
        .isEqualTo("projects/wuhan-workshop/zones/us-central1-a/instances/3444874180353627024");
  }

  @Test
  void knowsNoMachineOfACertificateWithoutTheExtension() {
    assertThat(of(GcpData.quote(GcpData.COMPOSED).akCert())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3000",
        "0400",
        "30030c0161",
        "30090c01610201010c0162",
        "300c0c01610201010c01620c0163",
        "300c0c010a0201010c0162020103",
        "300c0c01610201010c010a020103",
        "300c1301610201010c0162020103",
        "300b0c01610201010c01620200",
      })
  void knowsNoMachineOfAnExtensionInAnotherForm(String extension) {
    Certs certificate = Certs.leaf("a", "b").with(OID, false, Bytes.fromHex(extension));
    assertThat(of(certificate.der())).isEmpty();
  }

  @Test
  void readsTheFieldsThatAreKnownAndLetsOthersFollow() {
    Bytes extension = Bytes.fromHex("300f0c01610201010c01620201030c0163");
    Certs certificate = Certs.leaf("a", "b").with(OID, false, extension);
    assertThat(of(certificate.der())).contains(new GcpInstance("a", "b", BigInteger.valueOf(3)));
    assertThat(of(certificate.with(OID, false, extension).der())).isEmpty();
  }

  @Test
  void anEmptyListAllowsEveryMachineAndOneWithoutAName() {
    rule(List.of(), List.of()).require(Optional.of(REAL));
    rule(List.of(), List.of()).require(Optional.empty());
  }

  @Test
  void aListAllowsItsMachinesOnly() {
    rule(List.of("other", "wuhan-workshop"), List.of()).require(Optional.of(REAL));
    rule(List.of(), List.of("3444874180353627024")).require(Optional.of(REAL));
    assertRefused(
        rule(List.of("wuhan-workshop2"), List.of()),
        Optional.of(REAL),
        "GCP project wuhan-workshop is not in core.attestation.gcp.projects");
    assertRefused(
        rule(List.of("wuhan-workshop"), List.of("1")),
        Optional.of(REAL),
        "GCP instance 3444874180353627024 is not in core.attestation.gcp.instances");
    assertRefused(
        rule(List.of("other"), List.of("3444874180353627024")),
        Optional.of(REAL),
        "GCP project wuhan-workshop is not in core.attestation.gcp.projects");
  }

  @Test
  void aListRefusesAMachineWithoutAName() {
    assertRefused(
        rule(List.of("a"), List.of()),
        Optional.empty(),
        "GCP project without a name is not in core.attestation.gcp.projects");
    assertRefused(
        rule(List.of(), List.of("1")),
        Optional.empty(),
        "GCP instance without a name is not in core.attestation.gcp.instances");
    GcpWorld world = new GcpWorld();
    world.config = new GcpEvidenceConfig(List.of(), false, List.of("a"), List.of());
    assertThatThrownBy(world::verify)
        .hasMessage("GCP project without a name is not in core.attestation.gcp.projects");
  }

  @Test
  void namesAVerifiedMachineByItsCertificate() {
    GcpWorld world = new GcpWorld();
    world.ak.with(OID, false, Bytes.fromHex("300c0c01610201010c0162020103"));
    world.config = new GcpEvidenceConfig(List.of(), false, List.of("b"), List.of("3"));
    assertThat(world.verify().instanceLabel()).isEqualTo("projects/b/zones/a/instances/3");
  }

  private static Optional<GcpInstance> of(Bytes der) {
    return GcpInstance.of(UnverifiedCertificate.parse(der));
  }

  private static InstanceRule rule(List<String> projects, List<String> instances) {
    return new InstanceRule(new GcpEvidenceConfig(List.of(), false, projects, instances));
  }

  private static void assertRefused(InstanceRule rule, Optional<GcpInstance> machine, String text) {
    assertThatThrownBy(() -> rule.require(machine))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(GcpRefusal.INSTANCE))
        .hasMessage(text);
  }
}
