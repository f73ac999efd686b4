package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.container.ContainerRecipe;
import dstack.kms.sim.container.LoggedEvent;
import dstack.kms.sim.container.RuntimeEvent;
import java.util.Collections;
import java.util.List;

/** A container that does not tell what its right quote measured. */
public enum ContainerFault implements SimulatedFault {
  DROPPED_RUNTIME_EVENT(container -> container.editRuntimeEvents(events -> without(events, 1))),
  /** Another application's id in place of the measured one. */
  ALTERED_APP_ID(container -> container.editRuntimeEvents(ContainerFault::withOtherAppId)),
  APPENDED_RUNTIME_EVENT(
      container ->
          container.editRuntimeEvents(
              events -> {
                events.add(new RuntimeEvent("app-id", Bytes.fromHex("ee".repeat(20))));
                return events;
              })),
  REORDERED_RUNTIME_EVENTS(
      container ->
          container.editRuntimeEvents(
              events -> {
                if (events.size() > 2) {
                  Collections.swap(events, 1, 2);
                }
                return events;
              })),
  NO_RUNTIME_EVENTS(container -> container.runtimeEvents(List.of())),
  /** The claimed report data is not the quoted one. */
  SWAPPED_REPORT_DATA(container -> container.editReportData(ContainerFault::turnedOver)),
  ALTERED_BOOT_EVENT(container -> container.editEventLog(log -> withOtherDigest(log, 0))),
  DROPPED_BOOT_EVENT(container -> container.editEventLog(log -> without(log, 0))),
  TRAILING_BYTE(container -> container.editLast(raw -> Bytes.concat(raw, Bytes.zeros(1)))),
  TRUNCATED(container -> container.editLast(raw -> raw.slice(0, raw.length() - 1)));

  /** Changes a container before or after it is encoded. */
  @Immutable
  private interface Edit {
    void apply(ContainerRecipe container);
  }

  private final Edit edit;

  ContainerFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the container says. */
  public void applyTo(ContainerRecipe recipe) {
    edit.apply(recipe);
  }

  private static <T> List<T> without(List<T> list, int index) {
    if (index < list.size()) {
      list.remove(index);
    }
    return list;
  }

  private static List<RuntimeEvent> withOtherAppId(List<RuntimeEvent> events) {
    events.replaceAll(
        event ->
            event.name().equals("app-id")
                ? new RuntimeEvent("app-id", Bytes.fromHex("ee".repeat(20)), event.version())
                : event);
    return events;
  }

  private static List<LoggedEvent> withOtherDigest(List<LoggedEvent> log, int index) {
    if (log.isEmpty()) {
      return log;
    }
    LoggedEvent event = log.get(index);
    log.set(
        index,
        new LoggedEvent(
            event.register(),
            event.type(),
            turnedOver(event.digest()),
            event.name(),
            event.payload(),
            event.version()));
    return log;
  }

  private static Bytes turnedOver(Bytes value) {
    byte[] changed = value.toArray();
    changed[changed.length - 1] ^= 1;
    return Bytes.of(changed);
  }
}
