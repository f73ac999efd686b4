package dstack.kms.attest.image.store;

import dstack.kms.core.refusal.RefusalException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Fetches archives with plain GET requests; redirects are not followed. */
final class ImageDownload implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  /** The body of a successful answer, which the caller closes; its errors are refusals. */
  InputStream open(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address).GET().build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() / 100 != 2) {
        answer.body().close();
        throw ImageStoreRefusal.DOWNLOAD.because(
            "Failed to download image: HTTP status " + answer.statusCode());
      }
      return new Body(answer.body());
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      throw failed("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted", e);
    }
  }

  /** Tells a connection that breaks from an archive that is cut short. */
  private static final class Body extends FilterInputStream {
    Body(InputStream in) {
      super(in);
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read in pieces");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      try {
        return super.read(target, offset, length);
      } catch (IOException e) {
        throw failed("no complete answer", e);
      }
    }
  }

  private static RefusalException failed(String how, Exception cause) {
    return RefusalException.causedBy(
        ImageStoreRefusal.DOWNLOAD, "Failed to download image: " + how, cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
