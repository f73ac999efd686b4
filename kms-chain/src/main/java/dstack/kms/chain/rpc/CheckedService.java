package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.web3j.protocol.Service;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.JsonRpc2_0Web3j;

/** web3j's transport replaced by ours, which sees every request and every answer. */
final class CheckedService extends Service {
  /** The interval at which web3j would poll for filters; nothing here uses them. */
  private static final long POLLING_MILLIS = 2_000;

  private final RpcClient client;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final Web3j web3j = new JsonRpc2_0Web3j(this, POLLING_MILLIS, scheduler);

  CheckedService(RpcClient client) {
    super(false);
    this.client = client;
  }

  Web3j web3j() {
    return web3j;
  }

  @Override
  protected InputStream performIO(String payload) {
    return new ByteArrayInputStream(client.relay(Bytes.utf8(payload)).toArray());
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
