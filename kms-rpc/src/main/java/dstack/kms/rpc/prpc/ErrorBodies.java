package dstack.kms.rpc.prpc;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.proto.ProtoError;

/** The bodies of errors (specification 01 §5). */
final class ErrorBodies {
  private ErrorBodies() {}

  /** An error of that status and chain text in the encoding of its request. */
  static HttpReply reply(Encoding encoding, int status, String text) {
    return HttpReply.of(status, encoding.contentType(), body(encoding, text));
  }

  private static ReplyBody body(Encoding encoding, String text) {
    return switch (encoding) {
      case JSON -> new JsonText().raw("{\n  \"error\": ").string(text).raw("\n}").finish();
      case PROTOBUF ->
          MessageCodec.write(Encoding.PROTOBUF, ProtoError.newBuilder().setMessage(text).build());
    };
  }
}
