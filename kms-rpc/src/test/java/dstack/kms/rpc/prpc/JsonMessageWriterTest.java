package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.KmsKeys;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Specification 01 §3 and §4, the output side. */
final class JsonMessageWriterTest {
  private static String json(Message message) {
    return MessageCodec.write(Encoding.JSON, message).utf8Text();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(dstack.kms.core.bytes.Bytes.fromHex(hex).toArray());
  }

  @Test
  void writesTheWorkedExampleInOneLineInDeclarationOrder() {
    JsonNode vector = Keys.app1().get("env_pubkey_response");
    PublicKeyResponse message =
        PublicKeyResponse.newBuilder()
            .setSignatureV1(bytes(vector.get("signature_v1").asString()))
            .setTimestamp(vector.get("timestamp").asLong())
            .setSignature(bytes(vector.get("signature").asString()))
            .setPublicKey(bytes(vector.get("public_key").asString()))
            .build();
    assertThat(json(message))
        .isEqualTo(
            "{\"public_key\":\"d54059704c8591e4b71f8b8032300b1f0bf970ff2dace53f56e79cf028e6bf7f\","
                + "\"signature\":\"098411dd0b3609d08cf14341e635e292ef4bb89a90e8edc928167c662b93e205"
                + "4767d5547bfcfc5707a060eb441b73d1ec180f992ea9d88114b09110a2b486e301\","
                + "\"timestamp\":1760000000,"
                + "\"signature_v1\":\"b435644c3bf2ad9b43cbb0b1d74f472bb47dbd9a0adc405aa8952a564470"
                + "e98d0144c9cb0663fcf51c94369b121a29d9e47fe57e903c005eca64d96f6163c84f01\"}");
  }

  @Test
  void writesEveryFieldOfADefaultMessage() {
    assertThat(json(AppKeyResponse.getDefaultInstance()))
        .isEqualTo(
            "{\"ca_cert\":\"\",\"disk_crypt_key\":\"\",\"env_crypt_key\":\"\",\"k256_key\":\"\","
                + "\"k256_signature\":\"\",\"tproxy_app_id\":\"\",\"gateway_app_id\":\"\","
                + "\"os_image_hash\":\"\"}");
  }

  @Test
  void writesAbsentOptionalsAndMessagesAsNull() {
    assertThat(json(GetMetaResponse.getDefaultInstance()))
        .isEqualTo(
            "{\"ca_cert\":\"\",\"allow_any_upgrade\":false,\"k256_pubkey\":\"\","
                + "\"bootstrap_info\":null,\"is_dev\":false,\"gateway_app_id\":null,"
                + "\"kms_contract_address\":null,\"chain_id\":null,"
                + "\"app_auth_implementation\":null}");
  }

  @Test
  void writesPresentOptionalsEvenWhenTheyHoldTheirDefault() {
    GetMetaResponse meta =
        GetMetaResponse.newBuilder()
            .setIsDev(true)
            .setAllowAnyUpgrade(true)
            .setGatewayAppId("")
            .setChainId(0)
            .setBootstrapInfo(BootstrapResponse.getDefaultInstance())
            .build();
    assertThat(json(meta))
        .contains("\"allow_any_upgrade\":true", "\"gateway_app_id\":\"\"", "\"chain_id\":0")
        .contains(
            "\"bootstrap_info\":{\"ca_pubkey\":\"\",\"k256_pubkey\":\"\",\"attestation\":\"\"}");
  }

  @Test
  void writes64BitNumbersAsUnsignedNumbers() {
    PublicKeyResponse largest = PublicKeyResponse.newBuilder().setTimestamp(-1L).build();
    assertThat(json(largest)).contains("\"timestamp\":18446744073709551615,");
  }

  @Test
  void writesTheAttestationInfoUnderBothNamesOfItsVariant() {
    AttestationInfoResponse info =
        AttestationInfoResponse.newBuilder()
            .setDeviceId(bytes("0aff"))
            .setTeeVariant("dstack-tdx")
            .setSiteName("lab")
            .build();
    assertThat(json(info))
        .isEqualTo(
            "{\"device_id\":\"0aff\",\"mr_aggregated\":\"\",\"os_image_hash\":\"\","
                + "\"tee_variant\":\"dstack-tdx\",\"attestation_mode\":\"dstack-tdx\","
                + "\"site_name\":\"lab\",\"eth_rpc_url\":\"\",\"kms_contract_address\":\"\","
                + "\"ppid\":\"\"}");
  }

  @Test
  void writesTheEmptyMessageAsNullAndNothing() {
    assertThat(json(Empty.getDefaultInstance())).isEqualTo("null");
    assertThat(MessageCodec.write(Encoding.PROTOBUF, Empty.getDefaultInstance()).length()).isZero();
  }

  @Test
  void writesAMessageTypeWithoutFieldsAsAnEmptyObject() throws Exception {
    var file =
        com.google.protobuf.Descriptors.FileDescriptor.buildFrom(
            com.google.protobuf.DescriptorProtos.FileDescriptorProto.newBuilder()
                .setName("legacy.proto")
                .setSyntax("proto3")
                .addMessageType(
                    com.google.protobuf.DescriptorProtos.DescriptorProto.newBuilder()
                        .setName("OnboardResponse"))
                .build(),
            new com.google.protobuf.Descriptors.FileDescriptor[0]);
    var legacy =
        com.google.protobuf.DynamicMessage.getDefaultInstance(
            file.findMessageTypeByName("OnboardResponse"));
    assertThat(json(legacy)).isEqualTo("{}");
  }

  @Test
  void escapesStringsAsTheOriginalsSerializerDoes() {
    SignCertResponse response =
        SignCertResponse.newBuilder()
            .addCertificateChain("-----BEGIN\n\t\"a\\b/\"\r\b\f\u0001\u001f\u007fé€😀</")
            .addCertificateChain("")
            .build();
    assertThat(json(response))
        .isEqualTo(
            "{\"certificate_chain\":[\"-----BEGIN\\n\\t\\\"a\\\\b/\\\"\\r\\b\\f\\u0001\\u001f"
                + "\u007fé€😀</\",\"\"]}");
  }

  @Test
  void writesSecretTextAsAStringAndSecretBytesAsHex() {
    KmsKeyResponse response =
        KmsKeyResponse.newBuilder()
            .setTempCaKey(ByteString.copyFromUtf8("PEM\n"))
            .addKeys(
                KmsKeys.newBuilder()
                    .setCaKey(ByteString.copyFromUtf8("CA\n"))
                    .setK256Key(bytes("0102")))
            .build();
    assertThat(json(response))
        .isEqualTo(
            "{\"temp_ca_key\":\"PEM\\n\",\"keys\":[{\"ca_key\":\"CA\\n\",\"k256_key\":\"0102\"}]}");
  }

  @Test
  void writesTheWorkedExampleAsProtobuf() {
    PublicKeyResponse message =
        PublicKeyResponse.newBuilder()
            .setPublicKey(ByteString.copyFrom(new byte[32]))
            .setTimestamp(1760000000)
            .build();
    byte[] expected = new byte[2 + 32 + 6];
    expected[0] = 0x0a;
    expected[1] = 0x20;
    System.arraycopy(
        dstack.kms.core.bytes.Bytes.fromHex("1880f09dc706").toArray(), 0, expected, 34, 6);
    assertThat(
            MessageCodec.write(Encoding.PROTOBUF, message)
                .utf8Text()
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)
                .length)
        .isPositive();
    assertThat(message.toByteArray()).isEqualTo(expected);
  }

  @Test
  void wipesLentSecretsAndReplyBodiesWhenClosed() {
    LentSecrets lent = new LentSecrets();
    ByteString shared = lent.lend(Secret.takeOver(new byte[] {1, 2, 3}));
    Answer answer = Answer.carrying(AppKeyResponse.newBuilder().setK256Key(shared).build(), lent);
    assertThat(json(answer.message())).contains("\"k256_key\":\"010203\"");
    answer.close();
    assertThat(json(answer.message())).contains("\"k256_key\":\"000000\"");
  }
}
