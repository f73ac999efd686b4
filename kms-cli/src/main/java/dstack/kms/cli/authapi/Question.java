package dstack.kms.cli.authapi;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.rpc.http.ClientConnection;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * One valid question, and who asked it.
 *
 * @param route about what
 * @param about whom; what the asker says, which nothing here has verified
 * @param asker its connection
 */
record Question(DecisionRoute route, BootRequest about, ClientConnection asker) {
  /** For the audit log: each member of the question, and where it came from. */
  Map<String, String> facts() {
    Map<String, String> facts = new HashMap<>();
    facts.put("mrAggregated", about.mrAggregated().hex());
    facts.put("osImageHash", about.osImageHash().hex());
    facts.put("appId", about.appId().hex());
    facts.put("composeHash", about.composeHash().hex());
    facts.put("instanceId", about.instanceId().hex());
    facts.put("deviceId", about.deviceId().hex());
    facts.put("mrSystem", about.mrSystem().hex());
    facts.put("tcbStatus", about.tcbStatus());
    facts.put("advisoryIds", String.join(",", about.advisoryIds()));
    facts.put("askedFrom", address());
    asker
        .certificate()
        .map(Digests::sha256)
        .map(Bytes::hex)
        .ifPresent(digest -> facts.put("askedBy", digest));
    return facts;
  }

  private String address() {
    return asker.remote() instanceof InetSocketAddress remote && !remote.isUnresolved()
        ? remote.getAddress().getHostAddress()
        : "";
  }
}
