package dstack.kms.cli.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.ProtoError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls one listener of a node over HTTP; bounded in time and in size, follows no redirect.
 *
 * @param node the address, without a path
 * @param token shown as bearer, if there is one
 */
record PrpcClient(URI node, Optional<String> token) {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TOTAL = Duration.ofSeconds(60);
  private static final int MAX_ANSWER = 16 << 20;
  private static final int OK = 200;

  /** Calls a method by its full name. */
  <A extends Message> A call(String method, Message request, Parser<A> answer) {
    HttpResponse<byte[]> reply = send(method, request);
    try {
      if (reply.statusCode() == OK) {
        return answer.parseFrom(reply.body());
      }
      throw new RefusalException(
          BackupCommandRefusal.REFUSED_BY_NODE, "the node refuses: " + reason(reply));
    } catch (InvalidProtocolBufferException e) {
      throw RefusalException.causedBy(
          BackupCommandRefusal.MALFORMED, "the answer of " + node + " is not that of a KMS", e);
    }
  }

  private static String reason(HttpResponse<byte[]> reply) throws InvalidProtocolBufferException {
    return switch (reply.statusCode()) {
      case 401 -> "no valid credentials";
      case 404 -> "it does not know this call; a node with keys has no set-up listener";
      case 429 -> "too many failed attempts";
      default -> ProtoError.parseFrom(reply.body()).getMessage();
    };
  }

  private HttpResponse<byte[]> send(String method, Message request) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(URI.create(node + "/prpc/" + method))
            .timeout(TOTAL)
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()));
    token.ifPresent(shown -> http.header("Authorization", "Bearer " + shown));
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      return client.send(
          http.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private RefusalException unreachable(Exception cause) {
    return RefusalException.causedBy(
        BackupCommandRefusal.UNREACHABLE, "no answer from " + node, cause);
  }
}
