package dstack.kms.cli.status;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.status.NodeAnswer.Answered;
import dstack.kms.cli.status.NodeStatus.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All nodes of a fleet side by side. */
record FleetView(List<NodeAnswer> nodes) {
  private static final Duration CLOCKS_APART = Duration.ofSeconds(60);

  /** A minute or so on the chains in use: beyond, nodes decide by different policies. */
  private static final long BLOCKS_APART = 32;

  FleetView {
    nodes = List.copyOf(nodes);
  }

  /** The nodes that answered. */
  List<Answered> answered() {
    return nodes.stream().filter(Answered.class::isInstance).map(Answered.class::cast).toList();
  }

  /** Whether every node answered, and that it is ready. */
  boolean ready() {
    return nodes.stream().allMatch(node -> node instanceof Answered it && it.status().ready());
  }

  /** Whether no two nodes that serve have different keys. */
  boolean oneFleet() {
    return divergences().stream().noneMatch(found -> found.code().equals("identity"));
  }

  /** 0 if all are ready and alike, 1 if not, 3 if a node could not be asked. */
  ExitStatus exitStatus() {
    if (answered().size() < nodes.size()) {
      return ExitStatus.UNREACHABLE;
    }
    boolean alike = divergences().stream().allMatch(Divergence::allowed);
    return ready() && alike ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  /** What differs, the worst first. */
  List<Divergence> divergences() {
    List<Divergence> found = new ArrayList<>();
    compare("identity", "NOT ONE FLEET: different root keys", ofIdentity(FleetView::keys))
        .ifPresent(found::add);
    compare("epoch", "different epochs", ofIdentity(Identity::epoch)).ifPresent(found::add);
    compare("authority", "different authorities", node -> Optional.of(node.authority().kind()))
        .ifPresent(found::add);
    compare("chain", "different chains", node -> node.authority().chain()).ifPresent(found::add);
    compare("contract", "different contracts", node -> node.authority().contract())
        .ifPresent(found::add);
    blocksApart().ifPresent(found::add);
    clocksApart().ifPresent(found::add);
    compare("version", "different versions", node -> Optional.of(node.version()))
        .ifPresent(found::add);
    compare("ca-certificate", "different CA certificates", ofIdentity(Identity::caCertificate))
        .map(
            note ->
                new Divergence(
                    note.code(), note.text() + " (allowed: the key under them counts)", true))
        .ifPresent(found::add);
    return found;
  }

  private static String keys(Identity identity) {
    return identity.k256() + "/" + identity.ca();
  }

  private static Function<NodeStatus, Optional<?>> ofIdentity(Function<Identity, ?> value) {
    return node -> node.identity().map(value);
  }

  /** Nodes that do not have the value are not compared. */
  private Optional<Divergence> compare(
      String code, String what, Function<NodeStatus, Optional<?>> value) {
    Map<String, List<String>> nodesByValue = new LinkedHashMap<>();
    for (Answered node : answered()) {
      value
          .apply(node.status())
          .map(Object::toString)
          .ifPresent(
              text -> nodesByValue.computeIfAbsent(text, _ -> new ArrayList<>()).add(node.name()));
    }
    if (nodesByValue.size() < 2) {
      return Optional.empty();
    }
    String where =
        nodesByValue.entrySet().stream()
            .map(entry -> entry.getKey() + " on " + String.join(", ", entry.getValue()))
            .collect(Collectors.joining("; "));
    return Optional.of(new Divergence(code, what + ": " + where, false));
  }

  private Optional<Divergence> blocksApart() {
    List<Long> blocks =
        answered().stream().flatMap(node -> node.status().authority().block().stream()).toList();
    if (blocks.isEmpty() || spread(blocks) <= BLOCKS_APART) {
      return Optional.empty();
    }
    String text = "views of the chain are " + spread(blocks) + " blocks apart";
    return Optional.of(new Divergence("block", text, false));
  }

  private Optional<Divergence> clocksApart() {
    List<Long> ahead = answered().stream().map(node -> node.ahead().toSeconds()).toList();
    if (ahead.isEmpty() || spread(ahead) <= CLOCKS_APART.toSeconds()) {
      return Optional.empty();
    }
    String text = "clocks are " + spread(ahead) + " seconds apart";
    return Optional.of(new Divergence("clock", text, false));
  }

  private static long spread(List<Long> values) {
    return Collections.max(values) - Collections.min(values);
  }
}
