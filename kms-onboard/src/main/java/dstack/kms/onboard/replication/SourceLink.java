package dstack.kms.onboard.replication;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** One connection to the source, with what can go wrong on it in an operator's words. */
final class SourceLink implements AutoCloseable {
  private static final String NOT_TLS =
      "received corrupt message of type InvalidContentType: what answers does not speak TLS. A KMS"
          + " without keys answers plain HTTP: either the source is not set up yet, or its name"
          + " still points at this very node (stale DNS). Correct the record, or name the source by"
          + " its IP address";

  private final RpcConnection connection;

  private SourceLink(RpcConnection connection) {
    this.connection = connection;
  }

  /** Connects without showing anything of this node and without trusting anything yet. */
  static SourceLink first(RpcClient client, RpcUrl url) {
    return open(client, url, new ServerTrust.Unverified(), Optional.empty());
  }

  /** Connects to the same key again, now with this node's evidence. */
  static SourceLink second(RpcClient client, RpcUrl url, VerifiedSource source, TlsIdentity own) {
    Bytes key = source.certificate().spki();
    return open(client, url, new ServerTrust.PinnedKey(key), Optional.of(own));
  }

  /** The DER of the certificate whose key the handshake proved. */
  Bytes certificate() {
    return connection.serverCertificate();
  }

  /** Asks a question without arguments. */
  <M extends Message> M ask(String method, M prototype) {
    return ask(method, Empty.getDefaultInstance(), prototype);
  }

  /** Asks; what the source refuses comes with its own words. */
  <M extends Message> M ask(String method, Message request, M prototype) {
    try {
      return connection.call(method, request, prototype);
    } catch (RefusalException e) {
      throw answered(e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }

  private static SourceLink open(
      RpcClient client, RpcUrl url, ServerTrust trust, Optional<TlsIdentity> own) {
    try {
      return new SourceLink(client.connect(url, trust, own));
    } catch (RefusalException e) {
      throw own.isEmpty() ? unconnected(e) : lost(e);
    }
  }

  private static RefusalException unconnected(RefusalException e) {
    return switch (e.code()) {
      case ClientRefusal.NOT_TLS -> as(ReplicationRefusal.SOURCE_NOT_TLS, NOT_TLS, e);
      case ClientRefusal.NO_CERTIFICATE ->
          as(
              ReplicationRefusal.SOURCE_CERTIFICATE,
              "Source KMS did not present a TLS certificate",
              e);
      default -> as(ReplicationRefusal.SOURCE_UNREACHABLE, e.text(), e);
    };
  }

  private static RefusalException lost(RefusalException e) {
    return e.code() == ClientRefusal.UNTRUSTED || e.code() == ClientRefusal.NO_CERTIFICATE
        ? as(
            ReplicationRefusal.SOURCE_KEY_CHANGED,
            "the source's key changed between two connections: somebody may stand in between (or"
                + " two KMSes answer under this name: name one of them). This node's evidence was"
                + " not sent",
            e)
        : as(ReplicationRefusal.SOURCE_GONE, "the source went away: " + e.text(), e);
  }

  private static RefusalException answered(RefusalException e) {
    return switch (e.code()) {
      case ClientRefusal.REFUSED_BY_SERVER -> SourceAnswers.refusal(e);
      case ClientRefusal.MALFORMED_ANSWER ->
          as(ReplicationRefusal.SOURCE_ANSWER, "the source's answer cannot be used", e);
      default -> as(ReplicationRefusal.SOURCE_GONE, "the source went away: " + e.text(), e);
    };
  }

  private static RefusalException as(ReplicationRefusal code, String text, RefusalException cause) {
    return new RefusalException(code, text, cause.text() + " (" + cause.detail() + ")");
  }
}
