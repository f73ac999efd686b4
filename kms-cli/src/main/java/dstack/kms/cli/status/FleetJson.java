package dstack.kms.cli.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import dstack.kms.cli.status.NodeAnswer.Answered;
import dstack.kms.cli.status.NodeAnswer.Silent;
import java.util.List;
import java.util.stream.Collectors;

/** A fleet as one JSON object, for programs. */
final class FleetJson {
  private FleetJson() {}

  static Object of(FleetView fleet) {
    return new Answer(
        fleet.oneFleet(),
        fleet.ready(),
        fleet.nodes().stream().map(FleetJson::node).toList(),
        differences(fleet, false),
        differences(fleet, true));
  }

  private record Answer(
      @JsonProperty("one_fleet") boolean oneFleet,
      boolean ready,
      List<Object> nodes,
      List<Object> divergences,
      List<Object> notes) {}

  private record Spoken(String address, Object status) {}

  private record Unspoken(String address, String error, String code) {}

  private record Difference(String code, String text) {}

  private static Object node(NodeAnswer node) {
    String address = node.address().toString();
    return switch (node) {
      case Answered answered -> new Spoken(address, answered.status().json());
      case Silent silent -> new Unspoken(address, silent.why().text(), silent.why().code().code());
    };
  }

  private static List<Object> differences(FleetView fleet, boolean allowed) {
    return fleet.divergences().stream()
        .filter(found -> found.allowed() == allowed)
        .map(found -> (Object) new Difference(found.code(), found.text()))
        .collect(Collectors.toList());
  }
}
