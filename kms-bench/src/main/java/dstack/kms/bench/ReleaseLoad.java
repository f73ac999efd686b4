package dstack.kms.bench;

import dstack.kms.core.annotation.Permitted;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.rpc.tls.TlsIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Releases from a server that somebody else has started: the load under which the memory of the
 * image is measured. Every release is on a connection of its own.
 */
public final class ReleaseLoad {
  private ReleaseLoad() {}

  /**
   * Arguments: the folder above the simulated roots {@code sim}, the server's port on loopback, the
   * number of releases, and how many run at the same time. Ends with an error if one is refused.
   */
  @Permitted("the entry of a program")
  public static void main(String[] args) throws Exception {
    TlsDefaults.apply();
    int releases = Integer.parseInt(args[2]);
    int parallel = Integer.parseInt(args[3]);
    RpcUrl url = RpcUrl.ofKms("https://127.0.0.1:" + args[1]);
    try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
        RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
        ExecutorService callers = Executors.newFixedThreadPool(parallel)) {
      TlsIdentity identity = ReleaseBench.identity(Path.of(args[0]), key);
      Callable<Void> share =
          () -> {
            for (int i = 0; i < releases / parallel; i++) {
              ReleaseBench.release(client, url, identity);
            }
            return null;
          };
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < parallel; i++) {
        running.add(callers.submit(share));
      }
      for (Future<Void> each : running) {
        each.get();
      }
    }
  }
}
