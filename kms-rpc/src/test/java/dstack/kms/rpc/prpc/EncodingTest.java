package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specification 01 §3. */
final class EncodingTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "json,JSON",
        "json=,JSON",
        "json=true,JSON",
        "json=1,JSON",
        "json=false,PROTOBUF",
        "json=yes,PROTOBUF",
        "json=false&json=true,PROTOBUF",
        "a=b&json,JSON",
        "jsonx,PROTOBUF",
        "JSON,PROTOBUF",
        "js%6fn=%31,JSON",
        "'',PROTOBUF"
      })
  void choosesByTheFirstQueryFieldNamedJson(String query, Encoding expected) {
    assertThat(Encoding.of(false, QueryString.parse(query), "")).isEqualTo(expected);
  }

  @Test
  void choosesJsonForEveryGetAndForTheMediaType() {
    QueryString none = QueryString.parse("json=false");
    assertThat(Encoding.of(true, none, "")).isEqualTo(Encoding.JSON);
    assertThat(Encoding.of(false, none, "application/json")).isEqualTo(Encoding.JSON);
    assertThat(Encoding.of(false, none, "application/x-www-form-urlencoded"))
        .isEqualTo(Encoding.PROTOBUF);
  }
}
