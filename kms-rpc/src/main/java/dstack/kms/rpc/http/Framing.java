package dstack.kms.rpc.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/** The framing rules that the decoder leaves open; each breach ends the connection. */
final class Framing {
  private Framing() {}

  /** The answer to a request whose framing is not acceptable; empty for a sound one. */
  static Optional<HttpReply> breach(HttpRequest request) {
    DecoderResult decoded = request.decoderResult();
    if (decoded.isFailure()) {
      return Optional.of(undecodable(decoded.cause()));
    }
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Optional.of(HttpReply.text(505, "505 HTTP Version Not Supported\n"));
    }
    return hasAmbiguousHeaders(request) ? Optional.of(badRequest()) : Optional.empty();
  }

  static HttpReply badRequest() {
    return HttpReply.text(400, "400 Bad Request\n");
  }

  private static boolean hasAmbiguousHeaders(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
    boolean oldVersion = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    return (!codings.isEmpty() && (!chunked || oldVersion))
        || headers.getAll(HttpHeaderNames.HOST).size() > 1
        || (!codings.isEmpty() && headers.contains(HttpHeaderNames.CONTENT_LENGTH));
  }

  private static HttpReply undecodable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return HttpReply.text(414, "414 URI Too Long\n");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return HttpReply.text(431, "431 Request Header Fields Too Large\n");
    }
    return badRequest();
  }
}
