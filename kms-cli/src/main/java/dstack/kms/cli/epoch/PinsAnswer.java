package dstack.kms.cli.epoch;

import dstack.kms.onboard.epoch.AppReleases;
import dstack.kms.onboard.epoch.EpochPins;
import dstack.kms.onboard.epoch.Pin;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is pinned, for people and for programs. */
final class PinsAnswer {
  private PinsAnswer() {}

  static Map<String, Object> of(EpochPins pins) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("epoch", pins.epoch());
    members.putAll(EpochAnswer.identity(pins.roots()));
    members.put("pins", pins.pins().stream().map(PinsAnswer::members).toList());
    members.put("apps", pins.apps().stream().map(PinsAnswer::members).toList());
    return members;
  }

  private static Map<String, Object> members(Pin pin) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("what", pin.what());
    members.put("value", pin.value());
    members.put("where", pin.where());
    members.put("breaks", pin.breaks());
    members.put("move", pin.move());
    return members;
  }

  private static Map<String, Object> members(AppReleases app) {
    List<Map<String, Object>> instances =
        new TreeMap<>(app.instances())
            .entrySet().stream()
                .map(
                    entry ->
                        Map.<String, Object>of(
                            "instance_id", entry.getKey(),
                            "releases", entry.getValue().releases(),
                            "last", entry.getValue().last()))
                .toList();
    return Map.of("app_id", app.app().value().hex(), "instances", instances);
  }

  static void print(EpochPins pins, PrintWriter out) {
    out.println("epoch " + pins.epoch());
    EpochAnswer.identity(pins.roots()).forEach((name, value) -> out.println(line(name, value)));
    for (Pin pin : pins.pins()) {
      out.println();
      out.println(pin.what());
      out.println(line("value", pin.value()));
      out.println(line("where", pin.where()));
      out.println(line("breaks", pin.breaks()));
      out.println(line("move", pin.move()));
    }
    out.println();
    out.println(pins.apps().size() + " applications are known to have keys of this epoch");
    pins.apps().forEach(app -> print(app, out));
  }

  private static void print(AppReleases app, PrintWriter out) {
    out.println(app.app().value().hex());
    new TreeMap<>(app.instances())
        .forEach(
            (id, count) ->
                out.println(
                    line(
                        id.isEmpty() ? "(no instance id)" : id,
                        count.releases() + " releases, last " + count.last())));
  }

  private static String line(String name, Object value) {
    return "  " + name + ": " + value;
  }
}
