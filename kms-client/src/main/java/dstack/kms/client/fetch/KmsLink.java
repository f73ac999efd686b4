package dstack.kms.client.fetch;

import com.google.protobuf.Message;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** One connection to a KMS, with what can go wrong on it in the words of who runs the enclave. */
final class KmsLink implements AutoCloseable {
  private final RpcConnection connection;

  private KmsLink(RpcConnection connection) {
    this.connection = connection;
  }

  static KmsLink open(
      RpcClient client, RpcUrl url, ServerTrust trust, Optional<TlsIdentity> identity) {
    try {
      return new KmsLink(client.connect(url, trust, identity));
    } catch (RefusalException e) {
      throw e.code() == ClientRefusal.UNTRUSTED ? UntrustedServer.refusal(url, trust, e) : e;
    }
  }

  /** The certificate whose key the handshake proved. */
  ParsedCertificate certificate() {
    Bytes der = connection.serverCertificate();
    try {
      return ParsedCertificate.parse(der);
    } catch (RefusalException e) {
      throw FetchRefusal.KMS_CERTIFICATE.because(
          "the KMS's certificate cannot be used: " + e.text());
    }
  }

  <M extends Message> M ask(String method, Message request, M prototype) {
    try {
      return connection.call(method, request, prototype);
    } catch (RefusalException e) {
      throw e.code() == ClientRefusal.REFUSED_BY_SERVER ? KmsWords.refusal(method, e) : e;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
