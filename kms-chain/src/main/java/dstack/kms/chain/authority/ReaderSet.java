package dstack.kms.chain.authority;

import dstack.kms.chain.rpc.RpcClient;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How one mode reads, and with what.
 *
 * @param clients the endpoints in the configured order
 * @param reader reads the policy
 * @param disagreements how often endpoints contradicted each other
 */
record ReaderSet(List<RpcClient> clients, PolicyReader reader, LongSupplier disagreements)
    implements AutoCloseable {
  @Override
  public void close() {
    clients.forEach(RpcClient::close);
  }
}
