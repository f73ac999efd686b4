package dstack.kms.cli.dev;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.sim.platform.SimulatedGuest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A simulated enclave: what a guest does to get its keys (specification 02 §8). */
final class DevEnclave implements AutoCloseable {
  private final RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
  private final RpcUrl url;
  private final SimulatedGuest guest;
  private final DevClock time;

  DevEnclave(int port, SimulatedGuest guest, DevClock time) {
    this.url = RpcUrl.ofKms("https://localhost:" + port);
    this.guest = guest;
    this.time = time;
  }

  /** A call on a connection that trusts nothing yet and shows nothing. */
  <M extends Message> M ask(String method, Message request, M prototype) {
    try (RpcConnection connection =
        client.connect(url, new ServerTrust.Unverified(), Optional.empty())) {
      return connection.call(method, request, prototype);
    }
  }

  /** A connection that trusts only the root and shows the identity. */
  RpcConnection connect(String rootPem, Optional<TlsIdentity> identity) {
    return client.connect(url, new ServerTrust.RootCa(Pem.decode(rootPem)), identity);
  }

  GetTempCaCertResponse tempCa() {
    return ask(
        "GetTempCaCert", Empty.getDefaultInstance(), GetTempCaCertResponse.getDefaultInstance());
  }

  /** A certificate for the key under the temp CA, with evidence bound to {@code evidenceKey}. */
  TlsIdentity identity(GetTempCaCertResponse temp, P256PrivateKey key, P256PrivateKey evidenceKey) {
    Bytes spki = evidenceKey.publicKey().subjectPublicKeyInfo();
    Bytes evidence = guest.attest(ReportData.ofCertificateKey(spki));
    byte[] caKeyPem = temp.getTempCaKey().getBytes(StandardCharsets.US_ASCII);
    try (Secret pem = Secret.takeOver(caKeyPem);
        P256PrivateKey caKey = P256PrivateKey.fromPkcs8Pem(pem)) {
      CertificateAuthority authority = CertificateAuthority.of(temp.getTempCaCert(), caKey);
      String certificate =
          new Certificates(time.clock()).tempClient(authority, key.publicKey(), evidence);
      return TlsIdentity.of(Pem.decode(certificate), key);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
