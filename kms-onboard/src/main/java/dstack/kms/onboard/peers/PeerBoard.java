package dstack.kms.onboard.peers;

import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.progress.SetupStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the recovery goes, for {@code /ready}, metrics and the log. */
public final class PeerBoard {
  private final Map<String, Tried> peers = new LinkedHashMap<>();
  private String now = "";

  /** What became of one peer so far. */
  private record Tried(int attempts, String last) {}

  PeerBoard(List<EndpointUrl> urls) {
    urls.forEach(url -> peers.put(url.display(), new Tried(0, "not asked yet")));
  }

  /** One sentence over all peers. */
  public synchronized String text() {
    String each =
        peers.entrySet().stream()
            .map(peer -> peer.getKey() + ": " + peer.getValue().last())
            .collect(Collectors.joining("; "));
    return "taking the keys from peers" + (now.isEmpty() ? "" : ", now " + now) + " (" + each + ")";
  }

  /** How often each peer was asked. */
  public synchronized Map<String, Double> attempts() {
    Map<String, Double> attempts = new LinkedHashMap<>();
    peers.forEach((peer, tried) -> attempts.put(peer, (double) tried.attempts()));
    return attempts;
  }

  synchronized void begins(EndpointUrl peer) {
    now = peer.display();
    change(peer, 1, "being asked");
  }

  synchronized void at(EndpointUrl peer, SetupStep step) {
    change(peer, 0, step.text());
  }

  synchronized void says(EndpointUrl peer, String text) {
    change(peer, 0, text);
  }

  synchronized void refused(EndpointUrl peer, RefusalException reason) {
    now = "";
    change(peer, 0, "[" + reason.code().code() + "] " + reason.text());
  }

  synchronized void failed(EndpointUrl peer) {
    now = "";
    change(peer, 0, "the attempt failed unexpectedly; the log says more");
  }

  synchronized void gave(EndpointUrl peer) {
    now = "";
    change(peer, 0, "gave its keys");
  }

  private void change(EndpointUrl peer, int more, String last) {
    peers.compute(
        peer.display(), (_, old) -> new Tried((old == null ? 0 : old.attempts()) + more, last));
  }
}
