package dstack.kms.bench;

import dstack.kms.core.annotation.Permitted;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.tls.RaTlsServer;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.rpc.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The same listener with nothing behind it: what a mutual handshake and one answer cost. */
public final class BareServer {
  private BareServer() {}

  /** Prints the port when it serves; the argument is not used. */
  @Permitted("prints its port for the program that started it")
  public static void main(String[] args) throws Exception {
    TlsDefaults.apply();
    try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
        RaTlsServer tls = new RaTlsServer(TlsEngine.AUTO, identity(key));
        HttpServer server =
            HttpServer.start(
                Listener.plain(
                        "bare",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        (head, connection) ->
                            new Route.Handled(
                                "bare", 1 << 20, call -> answer(), ErrorReplies.PLAIN))
                    .behind(tls))) {
      System.out.println(server.port());
      while (System.in.read() >= 0) {}
    }
  }

  private static HttpReply answer() {
    return HttpReply.of(200, HttpReply.JSON, ReplyBody.of("{}"));
  }

  private static TlsIdentity identity(P256PrivateKey key) {
    CertificateAuthority root = new Certificates(InstantSource.system()).tempCa(key);
    return TlsIdentity.of(root.certificate().der(), key);
  }
}
