package dstack.kms.attest.device;

import dstack.kms.attest.eventlog.Ccel;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.config.DeviceConfig;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a guest that its evidence is sent with (specification 13 §7): read anew each time,
 * because the guest appends to its event log.
 *
 * @param ccel the firmware's boot event log
 * @param runtimeEventLog the guest's own event log, a JSON object on each line
 * @param hostShared the folder with {@code .sys-config.json}
 */
public record GuestFiles(Path ccel, Path runtimeEventLog, Path hostShared) {
  private static final int CCEL_LIMIT = 1 << 20;
  private static final int TEXT_LIMIT = 4 << 20;

  /** The files that the configuration names. */
  public static GuestFiles of(DeviceConfig config) {
    return new GuestFiles(config.ccel(), config.runtimeEvents(), config.hostShared());
  }

  /** The firmware's events, or a refusal if there is no such log. */
  public List<TdxEvent> bootEvents() {
    return new GuestFile(ccel, CCEL_LIMIT)
        .content()
        .map(content -> Ccel.parse(content).toTdxEvents())
        .orElseThrow(() -> DeviceRefusal.GUEST_FILE.because("there is no event log at " + ccel));
  }

  /** The guest's own events; none if there is no such log. */
  public RuntimeEvents runtimeEvents() {
    String text = new GuestFile(runtimeEventLog, TEXT_LIMIT).text().orElse("");
    try {
      return new RuntimeEvents(
          text.lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .map(GuestFiles::event)
              .toList());
    } catch (RefusalException e) {
      throw e.within("Failed to decode user event log");
    }
  }

  /** Boot events, then runtime events with what a version 2 digest is made of. */
  public List<TdxEvent> eventLog(RuntimeEvents runtimeEvents) {
    List<TdxEvent> log = new ArrayList<>(bootEvents());
    runtimeEvents.events().stream().map(GuestFiles::logged).forEach(log::add);
    return List.copyOf(log);
  }

  /** The machine's {@code vm_config} text; empty if there is no {@code .sys-config.json}. */
  public String vmConfig() {
    return sysConfig().map(object -> object.textOr("vm_config", "")).orElse("");
  }

  /**
   * The document that the launch of an SEV-SNP guest is bound to: {@code mr_config} of {@code
   * .sys-config.json}, or else of the {@code vm_config} in it; empty if neither has one.
   */
  public String mrConfig() {
    Optional<String> own = sysConfig().flatMap(object -> object.optionalText("mr_config"));
    Stream<String> both = Stream.concat(own.stream(), Stream.of(vmConfig()).map(this::nested));
    return both.filter(text -> !text.isEmpty()).findFirst().orElse("");
  }

  private String nested(String vmConfig) {
    return vmConfig.isEmpty() ? "" : object(vmConfig).textIfString("mr_config").orElse("");
  }

  private Optional<JsonObject> sysConfig() {
    return new GuestFile(hostShared.resolve(".sys-config.json"), TEXT_LIMIT)
        .text()
        .map(this::object);
  }

  private JsonObject object(String text) {
    try {
      return StrictJson.object(text, DeviceRefusal.GUEST_FILE);
    } catch (RefusalException e) {
      throw e.within("Failed to parse sys-config");
    }
  }

  private static RuntimeEvent event(String line) {
    JsonObject object = StrictJson.object(line, DeviceRefusal.GUEST_FILE);
    return new RuntimeEvent(
        object.text("event"),
        object.base64("payload"),
        EventLogVersion.ofNumber(object.u32Or("version", 1)));
  }

  private static TdxEvent logged(RuntimeEvent event) {
    TdxEvent logged = TdxEvent.of(event);
    return event.version() == EventLogVersion.V1
        ? logged
        : logged.withPreimage(event.preimage().hex());
  }
}
