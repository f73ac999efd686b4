package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 01 §3 and §4, the input side, with the decisions of 00 §9. */
final class JsonMessageReaderTest {
  private static Message read(String json, Message prototype) {
    return MessageCodec.read(Encoding.JSON, Bytes.utf8(json), prototype);
  }

  private static String appId(String json) {
    AppId id = (AppId) read(json, AppId.getDefaultInstance());
    return Bytes.of(id.getAppId().toByteArray()).hex();
  }

  @Test
  void readsTheWorkedExample() {
    assertThat(appId("{\"app_id\":\"0x1111111111111111111111111111111111111111\"}"))
        .isEqualTo("11".repeat(20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"app_id\":\"aBcD\"}",
        "{\"app_id\":\"0xabcd\"}",
        "{\"app_id\":\"0x0x0xabcd\"}",
        "  {\"app_id\" : \"abcd\" }\n\t ",
        "{\"unknown\":[1.5e3,{\"app_id\":null,\"app_id\":null}],\"app_id\":\"abcd\",\"x\":null}",
        "{\"x\":1,\"x\":2,\"app_id\":\"\\u0061bcd\"}"
      })
  void readsBytesAsHexOfEitherCaseAndSkipsUnknownNames(String json) {
    assertThat(appId(json)).isEqualTo("abcd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"app_id\":\"abc\"}",
        "{\"app_id\":\"0xg0\"}",
        "{\"app_id\":\"0Xab\"}",
        "{\"app_id\":\" ab\"}",
        "{\"app_id\":\"q80=\"}",
        "{\"app_id\":null}",
        "{\"app_id\":[]}",
        "{\"app_id\":171}",
        "{\"app_id\":{}}",
        "{\"app_id\":\"ab\",\"app_id\":\"ab\"}",
        "{\"app_id\":\"ab\"} x",
        "{\"app_id\":\"ab\"}{}",
        "{\"app_id\":\"ab\"",
        "{\"app_id\":\"ab\",}",
        "{app_id:\"ab\"}",
        "{'app_id':'ab'}",
        "[\"ab\"]",
        "null",
        "\"ab\"",
        "/* c */ {\"app_id\":\"ab\"}",
        "\ufeff{\"app_id\":\"ab\"}",
        "{\"app_id\":\"a\u0001b\"}",
        " "
      })
  void refusesWhatIsNoSuchObject(String json) {
    assertThatThrownBy(() -> appId(json))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("invalid input: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0",
        "1.0",
        "1e0",
        "01",
        "4294967296",
        "18446744073709551616",
        "\"1\"",
        "true",
        "null",
        "NaN",
        "+1",
        "0x1"
      })
  void refusesNumbersThatAreNoUint32(String number) {
    assertThatThrownBy(
            () -> read("{\"api_version\":" + number + "}", GetAppKeyRequest.getDefaultInstance()))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void readsTheLargestNumbers() {
    var request =
        (GetAppKeyRequest)
            read("{\"api_version\":4294967295}", GetAppKeyRequest.getDefaultInstance());
    assertThat(Integer.toUnsignedString(request.getApiVersion())).isEqualTo("4294967295");
    var response =
        (PublicKeyResponse)
            read("{\"timestamp\":18446744073709551615}", PublicKeyResponse.getDefaultInstance());
    assertThat(Long.toUnsignedString(response.getTimestamp())).isEqualTo("18446744073709551615");
  }

  @Test
  void readsNullOnlyForOptionalsAndMessages() {
    var meta =
        (GetMetaResponse)
            read(
                "{\"bootstrap_info\":null,\"chain_id\":null,\"gateway_app_id\":null}",
                GetMetaResponse.getDefaultInstance());
    assertThat(meta.hasBootstrapInfo() || meta.hasChainId() || meta.hasGatewayAppId()).isFalse();
    for (String field : new String[] {"ca_cert", "is_dev", "k256_pubkey"}) {
      assertThatThrownBy(
              () -> read("{\"" + field + "\":null}", GetMetaResponse.getDefaultInstance()))
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void readsAnswersOfOtherServers() {
    var keys =
        (KmsKeyResponse)
            read(
                "{\"temp_ca_key\":\"PEM\\n"
                    + "\",\"keys\":[{\"ca_key\":\"CA\\n"
                    + "\",\"k256_key\":\"01\"}]}",
                KmsKeyResponse.getDefaultInstance());
    assertThat(keys.getTempCaKey().toStringUtf8()).isEqualTo("PEM\n");
    assertThat(keys.getKeys(0).getCaKey().toStringUtf8()).isEqualTo("CA\n");
    var chain =
        (SignCertResponse)
            read("{\"certificate_chain\":[\"a\",\"b\"]}", SignCertResponse.getDefaultInstance());
    assertThat(chain.getCertificateChainList()).containsExactly("a", "b");
    var pinned =
        (AttestationInfoResponse)
            read(
                "{\"attestation_mode\":\"dstack-tdx\"}",
                AttestationInfoResponse.getDefaultInstance());
    assertThat(pinned.getTeeVariant()).isEqualTo("dstack-tdx");
  }

  @Test
  void refusesNullAndWrongElementsInArrays() {
    for (String value : new String[] {"null", "\"a\"", "[null]", "[1]", "[\"a\""}) {
      assertThatThrownBy(
              () ->
                  read(
                      "{\"certificate_chain\":" + value + "}",
                      SignCertResponse.getDefaultInstance()))
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThatThrownBy(
            () -> read("{\"vm_config\":\"\\ud83d\"}", GetAppKeyRequest.getDefaultInstance()))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[] latin = "{\"vm_config\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
    for (byte[] body : new byte[][] {latin, wide}) {
      assertThatThrownBy(
              () ->
                  MessageCodec.read(
                      Encoding.JSON, Bytes.of(body), GetAppKeyRequest.getDefaultInstance()))
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesDeepNestingAndLongNumbersEvenUnderUnknownNames() {
    String deep = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    String digits = "{\"x\":" + "1".repeat(100_000) + "}";
    for (String json : new String[] {deep, digits}) {
      assertThatThrownBy(() -> appId(json)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void readsNoBytesAtAllAsDefaults() {
    assertThat(appId("")).isEmpty();
    assertThat(MessageCodec.read(Encoding.PROTOBUF, Bytes.EMPTY, AppId.getDefaultInstance()))
        .isEqualTo(AppId.getDefaultInstance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "", "garbage {", "[1,2", "\"x\""})
  void neverParsesTheInputOfEmpty(String body) {
    for (Encoding encoding : Encoding.values()) {
      assertThat(MessageCodec.read(encoding, Bytes.utf8(body), Empty.getDefaultInstance()))
          .isEqualTo(Empty.getDefaultInstance());
    }
  }

  @Test
  void readsTheWorkedExampleAsProtobuf() {
    Bytes body = Bytes.concat(Bytes.fromHex("0a14"), Bytes.fromHex("11".repeat(20)));
    AppId id = (AppId) MessageCodec.read(Encoding.PROTOBUF, body, AppId.getDefaultInstance());
    assertThat(id.getAppId().size()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a14", "0a", "ff", "0affffffff0f", "1202c328", "00"})
  void refusesMalformedProtobuf(String hex) {
    assertThatThrownBy(
            () ->
                MessageCodec.read(
                    Encoding.PROTOBUF, Bytes.fromHex(hex), GetAppKeyRequest.getDefaultInstance()))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("invalid input: ");
  }
}
