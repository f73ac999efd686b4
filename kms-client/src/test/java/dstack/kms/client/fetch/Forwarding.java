package dstack.kms.client.fetch;

import com.google.protobuf.Message;
import dstack.kms.client.testing.TestKms;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.proto.AppKeySealedResponse;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;
import java.util.Optional;

/** Passes a sealed question on to the real KMS and its answer back, as a relay does. */
record Forwarding(TestKms real) {
  HttpReply answer(HttpExchange exchange) {
    Message question =
        MessageCodec.read(
            Encoding.JSON, exchange.body(), GetAppKeySealedRequest.getDefaultInstance());
    try (RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
        RpcConnection connection =
            client.connect(
                RpcUrl.ofKms(real.url()), new ServerTrust.Unverified(), Optional.empty())) {
      return HttpReply.of(
          200,
          HttpReply.JSON,
          MessageCodec.write(
              Encoding.JSON,
              connection.call(
                  "GetAppKeySealed", question, AppKeySealedResponse.getDefaultInstance())));
    }
  }
}
