package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.KmsKeyResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 01 §4: the query of a GET. */
final class QueryMessageReaderTest {
  private static Message read(String query, Message prototype) {
    return MessageCodec.read(QueryString.parse(query), prototype);
  }

  @Test
  void readsTheExampleOfTheSpecification() {
    AppId id = (AppId) read("app_id=" + "11".repeat(20), AppId.getDefaultInstance());
    assertThat(id.getAppId().size()).isEqualTo(20);
  }

  @Test
  void decodesNamesAndValuesAndIgnoresUnknownKeys() {
    var request =
        (GetAppKeyRequest)
            read(
                "json&&api%5Fversion=1&vm_config=%7B%22a%22%3A+1%7D&x=1&x=2",
                GetAppKeyRequest.getDefaultInstance());
    assertThat(request.getApiVersion()).isEqualTo(1);
    assertThat(request.getVmConfig()).isEqualTo("{\"a\": 1}");
  }

  @Test
  void ignoresTheQueryOfEmpty() {
    assertThat(read("%%%&value=1", Empty.getDefaultInstance()))
        .isEqualTo(Empty.getDefaultInstance());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api_version=",
        "api_version=-1",
        "api_version=1.0",
        "api_version=+1",
        "api_version=4294967296",
        "api_version=1&api_version=1",
        "api_version",
        "api_version=%zz"
      })
  void refusesValuesThatAreNotOfTheirType(String query) {
    assertThatThrownBy(() -> read(query, GetAppKeyRequest.getDefaultInstance()))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app_id=abc", "app_id=zz", "app_id=%00", "app_id=ab&app_id=ab"})
  void refusesBytesThatAreNotHex(String query) {
    assertThatThrownBy(() -> read(query, AppId.getDefaultInstance()))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesRepeatedFields() {
    assertThatThrownBy(() -> read("keys=1", KmsKeyResponse.getDefaultInstance()))
        .isInstanceOf(RefusalException.class);
  }
}
