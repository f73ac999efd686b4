package dstack.kms.cli.dev;

import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Sets a server up as an operator does: over its set-up listener (specification 23 §7). */
final class DevSetup {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int OK = 200;
  private static final int MAX_ANSWER = 64 << 10;

  private DevSetup() {}

  /** Has the server take the keys of the one at the URL; returns when it serves. */
  static void replicate(NodeRunner runner, NodeState.SettingUp setup, String source) {
    call(setup, "Onboard", Map.of("source_url", source, "domain", "localhost"));
    finish(runner, setup);
  }

  /** Has the server make keys. */
  static void bootstrap(NodeState.SettingUp setup) {
    call(setup, "Bootstrap", Map.of("domain", "localhost"));
  }

  /** Ends set-up; returns when the server serves. */
  static void finish(NodeRunner runner, NodeState.SettingUp setup) {
    require(HttpRequest.newBuilder(URI.create(listener(setup) + "/finish")));
    try {
      NodeState state = runner.await(NodeState.Ready.class::isInstance, LONGEST);
      if (!(state instanceof NodeState.Ready)) {
        throw failed("the server is " + state.name() + " after it was set up");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void call(NodeState.SettingUp setup, String method, Map<String, String> wanted) {
    URI url = URI.create(listener(setup) + "/prpc/Onboard." + method + "?json");
    require(HttpRequest.newBuilder(url).POST(BodyPublishers.ofString(JsonText.of(wanted))));
  }

  private static String listener(NodeState.SettingUp setup) {
    return "http://127.0.0.1:" + setup.listener().getPort();
  }

  private static RefusalException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return DevRefusal.REPLICATION.because("interrupted while a server was set up", e);
  }

  private static void require(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      require(client, request);
    } catch (IOException e) {
      throw DevRefusal.REPLICATION.because("the set-up listener does not answer", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void require(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request.timeout(LONGEST).build(),
            BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER));
    if (answer.statusCode() != OK) {
      throw failed(answer.body().replaceAll("\\s+", " "));
    }
  }

  private static RefusalException failed(String text) {
    return new RefusalException(DevRefusal.REPLICATION, "cannot set up: " + text);
  }
}
