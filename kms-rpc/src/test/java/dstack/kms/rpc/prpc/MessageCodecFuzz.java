package dstack.kms.rpc.prpc;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.SignCertRequest;
import java.util.List;

/** Any body and any query is read or refused; nothing else is thrown. */
final class MessageCodecFuzz {
  private static final List<Message> TYPES =
      List.of(
          AppId.getDefaultInstance(),
          SignCertRequest.getDefaultInstance(),
          KmsKeyResponse.getDefaultInstance(),
          GetMetaResponse.getDefaultInstance());

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyBody(FuzzedDataProvider data) {
    Message type = data.pickValue(TYPES);
    Encoding encoding = data.pickValue(Encoding.values());
    try {
      MessageCodec.write(
          encoding, MessageCodec.read(encoding, Bytes.of(data.consumeRemainingAsBytes()), type));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyQuery(FuzzedDataProvider data) {
    Message type = data.pickValue(TYPES);
    try {
      MessageCodec.read(QueryString.parse(data.consumeRemainingAsString()), type);
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
