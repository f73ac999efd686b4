package dstack.kms.client.fetch;

import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.LeafRequest;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An application that shows its whole chain, which ends at the root of the KMS, to one client. */
final class ApplicationServer implements AutoCloseable {
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLServerSocket listener;
  private final CompletableFuture<Bytes> said = new CompletableFuture<>();

  ApplicationServer(CertificateAuthority root) throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(root), NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  private static KeyStore store(CertificateAuthority root)
      throws GeneralSecurityException, IOException {
    SecureRandom random = new SecureRandom();
    Certificates certificates = new Certificates(TestPlatform.CLOCK);
    AppId app = new AppId(Bytes.fromHex("22".repeat(20)));
    CertificateAuthority appCa = certificates.appCa(root, P256PrivateKey.generate(random), app);
    P256PrivateKey key = P256PrivateKey.generate(random);
    String leaf =
        certificates.appLeaf(
            appCa,
            new LeafRequest(
                key.publicKey(),
                app,
                null,
                "app",
                List.of("127.0.0.1"),
                true,
                true,
                null,
                null,
                null,
                null));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    try (Secret der = key.pkcs8Der()) {
      store.setKeyEntry(
          "application",
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(der.expose(byte[]::clone))),
          NO_PASSWORD,
          new Certificate[] {certificate(leaf), certificate(appCa.pem())});
    }
    return store;
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Pem.decode(pem).toArray()));
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What the client said once it had seen the certificate; waits until it is gone. */
  Bytes said() throws Exception {
    return said.get(30, TimeUnit.SECONDS);
  }

  private void listen() {
    try (SSLSocket client = (SSLSocket) listener.accept()) {
      client.setWantClientAuth(true);
      client.startHandshake();
      said.complete(Bytes.of(client.getInputStream().readAllBytes()));
    } catch (IOException e) {
      said.completeExceptionally(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
