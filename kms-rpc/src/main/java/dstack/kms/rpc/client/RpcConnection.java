package dstack.kms.rpc.client;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to one server, whose certificate cannot change under it. Calls go one after the
 * other; not safe for use by several threads.
 */
public final class RpcConnection implements AutoCloseable {
  private static final int QUOTED = 512;

  private final Channel channel;
  private final RpcUrl url;
  private final Bytes certificate;
  private final AnswerReader reader;
  private final ClientLimits limits;

  RpcConnection(
      Channel channel, RpcUrl url, Bytes certificate, AnswerReader reader, ClientLimits limits) {
    this.channel = channel;
    this.url = url;
    this.certificate = certificate;
    this.reader = reader;
    this.limits = limits;
  }

  /** The DER of the server's certificate, whose key the handshake proved. */
  public Bytes serverCertificate() {
    return certificate;
  }

  /**
   * Calls a method with JSON, as every released client does. The bytes of the answer are wiped when
   * it was read; what the message holds is the caller's, see {@link ReceivedSecrets}.
   *
   * @param method the bare name
   * @param prototype the default instance of the answer
   * @throws RefusalException with {@link ClientRefusal#REFUSED_BY_SERVER} and the text {@code
   *     Request failed with status=…, error=…} if the server says no, another {@link ClientRefusal}
   *     if there is no usable answer
   */
  public <M extends Message> M call(String method, Message request, M prototype) {
    try (AnswerReader.Reply reply = exchange(method, request)) {
      if (reply.status() >= 300 && reply.status() < 400) {
        throw new RefusalException(
            ClientRefusal.REDIRECTED,
            url.authority()
                + " answers "
                + method
                + " with a redirect (status "
                + reply.status()
                + "), which is never followed");
      }
      if (reply.status() != 200) {
        String body = new String(reply.body(), StandardCharsets.UTF_8);
        throw new RefusalException(
            ClientRefusal.REFUSED_BY_SERVER,
            "Request failed with status="
                + reply.status()
                + ", error="
                + body.substring(0, Math.min(QUOTED, body.length())));
      }
      return read(reply.body(), prototype);
    }
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  @SuppressWarnings("unchecked") // the codec builds the answer from this very default instance
  private static <M extends Message> M read(byte[] body, M prototype) {
    try {
      boolean nothing = body.length == 0 && !(prototype instanceof Empty);
      if (nothing) {
        throw new RefusalException(ClientRefusal.MALFORMED_ANSWER, "the answer is empty");
      }
      return (M)
          prototype
              .getClass()
              .cast(MessageCodec.read(Encoding.JSON, ByteBuffer.wrap(body), prototype));
    } catch (RefusalException e) {
      throw new RefusalException(
          ClientRefusal.MALFORMED_ANSWER, "the server's answer is malformed", e.text());
    }
  }

  private AnswerReader.Reply exchange(String method, Message request) {
    CompletableFuture<AnswerReader.Reply> answer = reader.expect();
    channel
        .writeAndFlush(httpRequest(method, request))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                answer.completeExceptionally(sent.cause());
              }
            });
    try {
      return answer.get(limits.call().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw unreachable(e);
    } catch (TimeoutException e) {
      close();
      throw unreachable(e);
    } catch (ExecutionException e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    }
  }

  private FullHttpRequest httpRequest(String method, Message request) {
    ByteBuf body = Unpooled.EMPTY_BUFFER;
    try (ReplyBody json = MessageCodec.write(Encoding.JSON, request)) {
      body = Unpooled.copiedBuffer(json.utf8Text(), StandardCharsets.UTF_8);
    }
    FullHttpRequest http =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, url.path() + "/" + method + "?json", body);
    http.headers().set(HttpHeaderNames.HOST, url.authority());
    http.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    return http;
  }

  private RefusalException unreachable(Throwable cause) {
    return RefusalException.causedBy(
        ClientRefusal.UNREACHABLE, "no answer from " + url.authority(), cause);
  }
}
