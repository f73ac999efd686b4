package dstack.kms.core.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The main listener: {@code [rpc]}.
 *
 * @param listen where it listens
 * @param engine which TLS engine serves it
 * @param clientCertificateMandatory whether a client without a certificate is turned away
 * @param limits how long a body may be
 * @param slowSender how long headers and body may take together
 * @param keepAlive how long an idle connection stays open
 * @param maxConnections how many connections may be open at once
 */
public record RpcConfig(
    ListenAddress listen,
    TlsEngine engine,
    boolean clientCertificateMandatory,
    BodyLimits limits,
    Duration slowSender,
    Duration keepAlive,
    int maxConnections) {

  static RpcConfig read(Section rpc, Path certDir, int epoch) {
    mustBeIn(certDir, epoch, "rpc.key", rpc.table("tls"), "key");
    mustBeIn(certDir, epoch, "rpc.crt", rpc.table("tls"), "certs");
    return new RpcConfig(
        rpc.listener("0.0.0.0", 8000),
        rpc.table("tls").word("engine", TlsEngine.AUTO),
        rpc.table("tls").table("mutual").flag("mandatory", false),
        BodyLimits.read(rpc.table("limits"), BodyLimits.KMS_METHODS),
        rpc.deadline("slow_sender_timeout", Duration.ofSeconds(30)),
        Duration.ofSeconds(rpc.number("keep_alive", 5, 0, 3600)),
        rpc.number("max_connections", 4096, 1, 1_000_000));
  }

  /**
   * The original serves these files; here they are always the ones that the store keeps. A file
   * that was written for epoch 0 goes on to start a node of another one.
   */
  private static void mustBeIn(Path certDir, int epoch, String file, Section tls, String name) {
    Path expected = certDir.resolve(file);
    Path actual = tls.paths().one(name, EpochFolder.of(certDir, epoch).resolve(file));
    boolean known =
        isSame(actual, expected) || isSame(actual, EpochFolder.of(certDir, epoch).resolve(file));
    if (!known) {
      throw new dstack.kms.core.refusal.RefusalException(
          ConfigRefusal.CONTRADICTION,
          tls.where(name) + " is " + actual + "; it must be " + expected + " in core.cert_dir");
    }
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }
}
