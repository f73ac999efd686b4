package dstack.kms.cli.authapi;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.TlsFront;
import dstack.kms.rpc.tls.MutualTlsServer;
import dstack.kms.rpc.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** With what the service proves itself, and whom it lets in. */
public final class TlsOptions {
  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate of the service in PEM, one of a P-256 key. Needs --tls-key.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key in PEM (PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = "Certificates in PEM; clients without one issued by these are turned away.")
  private @Nullable Path clientAuthorities;

  /**
   * What stands before the listener.
   *
   * @param server empty for plain HTTP
   */
  record Front(Optional<MutualTlsServer> server) implements AutoCloseable {
    Optional<TlsFront> tls() {
      return server.map(front -> front);
    }

    String scheme() {
      return server.isPresent() ? "https" : "http";
    }

    @Override
    public void close() {
      server.ifPresent(MutualTlsServer::close);
    }
  }

  Front front() {
    if (certificate == null && key == null && clientAuthorities == null) {
      return new Front(Optional.empty());
    }
    if (certificate == null || key == null) {
      throw new RefusalException(
          AuthApiRefusal.TLS, "--tls-cert and --tls-key go together, --client-ca needs both");
    }
    Bytes leaf = KeyFiles.certificates(certificate).getFirst();
    List<Bytes> authorities =
        clientAuthorities == null ? List.of() : KeyFiles.certificates(clientAuthorities);
    try (P256PrivateKey privateKey = KeyFiles.privateKey(key)) {
      TlsIdentity identity = TlsIdentity.of(leaf, privateKey);
      return new Front(Optional.of(new MutualTlsServer(TlsEngine.AUTO, identity, authorities)));
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(
          AuthApiRefusal.TLS, certificate + " and " + key + " do not fit: " + e.getMessage(), e);
    }
  }
}
