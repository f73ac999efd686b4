package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.KmsKeys;
import dstack.kms.rpc.proto.SignCertRequest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written can be read, by us and by an independent parser. */
final class MessageCodecProperties {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static <M extends Message> void survivesBothEncodings(M message) {
    try (ReplyBody json = MessageCodec.write(Encoding.JSON, message)) {
      Bytes body = Bytes.utf8(json.utf8Text());
      assertThat(MessageCodec.read(Encoding.JSON, body, message.getDefaultInstanceForType()))
          .isEqualTo(message);
    }
    Bytes wire = Bytes.of(message.toByteArray());
    assertThat(MessageCodec.read(Encoding.PROTOBUF, wire, message.getDefaultInstanceForType()))
        .isEqualTo(message);
  }

  /** The text without halves of surrogate pairs, which UTF-8 cannot carry. */
  private static String encodable(String text) {
    return ByteString.copyFromUtf8(text).toStringUtf8();
  }

  @Property(tries = 300)
  void requestsSurvive(
      @ForAll int version, @ForAll byte[] csr, @ForAll byte[] signature, @ForAll String config) {
    survivesBothEncodings(
        SignCertRequest.newBuilder()
            .setApiVersion(version)
            .setCsr(ByteString.copyFrom(csr))
            .setSignature(ByteString.copyFrom(signature))
            .setVmConfig(encodable(config))
            .build());
  }

  @Property(tries = 300)
  void answersWithNestedMessagesSurvive(@ForAll byte[] key, @ForAll String pem) {
    survivesBothEncodings(
        KmsKeyResponse.newBuilder()
            .setTempCaKey(ByteString.copyFromUtf8(pem))
            .addKeys(KmsKeys.newBuilder().setK256Key(ByteString.copyFrom(key)))
            .addKeys(KmsKeys.newBuilder().setCaKey(ByteString.copyFromUtf8(pem)))
            .build());
  }

  @Property(tries = 300)
  void anotherParserReadsTheSameText(@ForAll String text, @ForAll long number) {
    GetMetaResponse message =
        GetMetaResponse.newBuilder().setCaCert(encodable(text)).setChainId(number).build();
    JsonNode tree = JSON.readTree(MessageCodec.write(Encoding.JSON, message).utf8Text());
    assertThat(tree.get("ca_cert").asString()).isEqualTo(encodable(text));
    assertThat(tree.get("chain_id").bigIntegerValue().toString())
        .isEqualTo(Long.toUnsignedString(number));
    survivesBothEncodings(message);
  }
}
