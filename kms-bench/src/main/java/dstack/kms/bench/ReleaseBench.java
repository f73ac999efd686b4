package dstack.kms.bench;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * One whole GetAppKey on a new mutually authenticated connection each time, beside a bare handshake
 * with the same certificate. The cost is the processor time of the server's process alone.
 */
final class ReleaseBench {
  private static final int WARM_UP = 3000;
  private static final int CONNECTIONS = 2000;

  private ReleaseBench() {}

  /** Adds the rows for a handshake and for a release. */
  static void measure(Table table, Figures figures) throws IOException {
    TlsDefaults.apply();
    Path folder = Files.createTempDirectory("kms-bench");
    try (ServerProcess node = new ServerProcess(ReleaseServer.class, folder);
        ServerProcess bare = new ServerProcess(BareServer.class, folder);
        P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
        RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT)) {
      TlsIdentity identity = identity(folder, key);
      Histogram ignored = new Histogram(3);
      Histogram latency = new Histogram(3);
      run(client, identity, bare, WARM_UP, ignored);
      run(client, identity, node, WARM_UP, ignored);
      double handshake = run(client, identity, bare, CONNECTIONS, ignored);
      double release = run(client, identity, node, CONNECTIONS, latency);
      double verification = figures.of("QuoteBench.warmFloor ACCP");
      double floor = handshake + verification + figures.of("KeyBench.deriveFloor");
      table.against("mutual handshake, bare answer", handshake, "1 verification", verification, "");
      table.against(
          "GetAppKey, new connection",
          release,
          "handshake + quote signature + curve operations",
          floor,
          "P3 <= 2 x");
      table.against(
          "GetAppKey, client's p99",
          latency.getValueAtPercentile(99) / 1000.0,
          "its p50, one at a time",
          latency.getValueAtPercentile(50) / 1000.0,
          "");
    }
  }

  /** Microseconds of the server's processor time per connection. */
  private static double run(
      RpcClient client, TlsIdentity identity, ServerProcess server, int times, Histogram latency)
      throws IOException {
    RpcUrl url = RpcUrl.ofKms("https://127.0.0.1:" + server.port);
    double before = server.microseconds();
    for (int i = 0; i < times; i++) {
      long begin = System.nanoTime();
      release(client, url, identity);
      latency.recordValue(System.nanoTime() - begin);
    }
    return (server.microseconds() - before) / times;
  }

  /** One release on a connection of its own. */
  static void release(RpcClient client, RpcUrl url, TlsIdentity identity) throws IOException {
    try (RpcConnection connection =
        client.connect(url, new ServerTrust.Unverified(), Optional.of(identity))) {
      connection.call(
          "GetAppKey",
          GetAppKeyRequest.newBuilder().setApiVersion(1).build(),
          AppKeyResponse.getDefaultInstance());
    }
  }

  /** A client with evidence of the platform in {@code sim} below the folder. */
  static TlsIdentity identity(Path folder, P256PrivateKey key) {
    SimulatedPlatform platform =
        SimulatedPlatform.open(folder.resolve("sim"), InstantSource.system(), new SecureRandom());
    Bytes evidence =
        platform.attest(
            SimulatedIdentity.standard(),
            ReportData.ofCertificateKey(key.publicKey().subjectPublicKeyInfo()));
    Certificates certificates = new Certificates(InstantSource.system());
    try (P256PrivateKey authority = P256PrivateKey.generate(new SecureRandom())) {
      String pem =
          certificates.tempClient(certificates.tempCa(authority), key.publicKey(), evidence);
      return TlsIdentity.of(Pem.decode(pem), key);
    }
  }
}
