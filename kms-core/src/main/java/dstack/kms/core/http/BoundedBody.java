package dstack.kms.core.http;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What was read of an answer's body.
 *
 * @param content at most as many bytes as the limit
 * @param cutOff whether there was more; then the connection was given up
 */
public record BoundedBody(Bytes content, boolean cutOff) {
  private static final char REPLACEMENT = '\uFFFD';

  /** Collects a body and stops reading at the first byte above the limit. */
  public static BodySubscriber<BoundedBody> subscriber(long limit) {
    return new Collector(limit);
  }

  /** At most so many bytes from the beginning as text; a character is never cut in two. */
  public String beginning(int bytes) {
    int end = Math.min(bytes, content.length());
    while (end > 0 && end < content.length() && (content.at(end) & 0xc0) == 0x80) {
      end--;
    }
    return content.slice(0, end).utf8Text().replace('\0', REPLACEMENT);
  }

  /**
   * The whole body as text.
   *
   * @throws CharacterCodingException if it is not UTF-8
   */
  public String text() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(content.buffer()).toString();
  }

  private static final class Collector implements BodySubscriber<BoundedBody> {
    private final long limit;
    private final CompletableFuture<BoundedBody> body = new CompletableFuture<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    Collector(long limit) {
      this.limit = limit;
    }

    @Override
    public CompletionStage<BoundedBody> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      if (body.isDone() || subscription == null) {
        return;
      }
      for (ByteBuffer buffer : buffers) {
        int taken = (int) Math.min(limit - content.size(), buffer.remaining());
        byte[] chunk = new byte[taken];
        buffer.get(chunk);
        content.writeBytes(chunk);
        if (buffer.hasRemaining()) {
          subscription.cancel();
          body.complete(collected(true));
          return;
        }
      }
      subscription.request(1);
    }

    @Override
    public void onError(Throwable cause) {
      body.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      body.complete(collected(false));
    }

    private BoundedBody collected(boolean cutOff) {
      return new BoundedBody(Bytes.of(content.toByteArray()), cutOff);
    }
  }
}
