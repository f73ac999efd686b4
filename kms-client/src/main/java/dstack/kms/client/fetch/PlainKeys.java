package dstack.kms.client.fetch;

import dstack.kms.client.keys.ExpectedKeys;
import dstack.kms.client.keys.KmsIdentity;
import dstack.kms.client.keys.VerifiedAppKeys;
import dstack.kms.client.trust.KmsTrust;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** Keys inside TLS, for a client certificate with evidence, as every released client gets them. */
final class PlainKeys {
  private final Machine machine;
  private final ClientIdentity kind;
  private final KmsTrust trust;

  PlainKeys(Machine machine, ClientIdentity kind, KmsTrust trust) {
    this.machine = machine;
    this.kind = kind;
    this.trust = trust;
  }

  /**
   * The keys, verified, over a connection of its own, whose server is judged as that of the first.
   *
   * @param first the certificate on the first connection
   */
  VerifiedAppKeys fetch(
      RpcClient client, RpcUrl url, ParsedCertificate first, ExpectedKeys expected) {
    KmsIdentity kms = expected.kms();
    try (KmsLink link =
        KmsLink.open(
            client,
            url,
            trust.ofSecondConnection(first, kms.rootCaDer()),
            Optional.of(identity(kms)))) {
      // A name can lead to another server now, and TLS lets in whoever lies under the root (T-18).
      ParsedCertificate second = link.certificate();
      trust.judge(second, machine.clock().instant());
      kms.requireServer(second, machine.signatures());
      return expected.verify(
          link.ask(
              "GetAppKey",
              GetAppKeyRequest.newBuilder().setApiVersion(1).build(),
              AppKeyResponse.getDefaultInstance()));
    }
  }

  private TlsIdentity identity(KmsIdentity kms) {
    try (P256PrivateKey key = P256PrivateKey.generate(machine.random())) {
      Bytes evidence =
          new OwnEvidence(machine.quotes())
              .stripped(ReportData.ofCertificateKey(key.publicKey().subjectPublicKeyInfo()));
      return TlsIdentity.of(Pem.decode(certificate(kms, key, evidence)), key);
    }
  }

  private String certificate(KmsIdentity kms, P256PrivateKey key, Bytes evidence) {
    Certificates certificates = new Certificates(machine.clock());
    return switch (kind) {
      case SELF_ISSUED -> certificates.selfIssuedClient(key, evidence);
      case TEMP_CA -> {
        try (P256PrivateKey tempKey = kms.tempCaKey()) {
          yield certificates.tempClient(
              CertificateAuthority.of(kms.tempCaPem(), tempKey), key.publicKey(), evidence);
        }
      }
    };
  }
}
