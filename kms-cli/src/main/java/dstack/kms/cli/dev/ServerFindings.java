package dstack.kms.cli.dev;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.certificate.KmsExtension;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.rpc.client.RpcConnection;
import java.util.Optional;

/** Verifies the certificate that a server showed, and the evidence in it. */
record ServerFindings(DevHost host) {
  void verify(Findings findings, RpcConnection connection) {
    ParsedCertificate server = ParsedCertificate.parse(connection.serverCertificate());
    KmsExtensions extensions = new KmsExtensions(server);
    findings.require("the server's certificate is under the root and for localhost", true);
    findings.require(
        "its usage is kms:rpc", extensions.specialUsage().equals(Optional.of("kms:rpc")));
    UnverifiedAttestation evidence =
        UnverifiedAttestation.decode(extensions.find(KmsExtension.ATTESTATION).orElseThrow());
    try (DevVerifier verifier = new DevVerifier(host)) {
      verifier.ofPlatform().verifyBoundTo(evidence, server.spki());
      findings.require("its evidence verifies under the simulated roots and binds its key", true);
      findings.requireRefused(
          "the vendors' roots refuse that evidence",
          () -> verifier.ofVendors().verifyBoundTo(evidence, server.spki()),
          "");
    }
  }
}
