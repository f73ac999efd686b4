package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Specification 01 §5. */
final class ErrorBodiesTest {
  @Test
  void writesJsonErrorsWithTwoSpacesAndWithoutAFinalNewline() {
    var reply = ErrorBodies.reply(Encoding.JSON, 400, "invalid quote: \"x\"");
    assertThat(reply.contentType()).isEqualTo("application/json");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body().utf8Text())
        .isEqualTo("{\n  \"error\": \"invalid quote: \\\"x\\\"\"\n}");
  }

  @Test
  void writesProtobufErrorsAsOneMessageField() {
    var reply = ErrorBodies.reply(Encoding.PROTOBUF, 400, "abc");
    assertThat(reply.contentType()).isEqualTo("application/octet-stream");
    assertThat(reply.body().utf8Text()).isEqualTo("\n\u0003abc");
  }
}
