package dstack.kms.core.audit;

import dstack.kms.core.file.FileActions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts in order what a crash left, and remembers what it did for the log. */
final class LogRepair {
  private final FileActions actions;
  private final List<AuditEvent> findings = new ArrayList<>();

  LogRepair(FileActions actions) {
    this.actions = actions;
  }

  List<AuditEvent> findings() {
    return List.copyOf(findings);
  }

  /** The directories, each ready to take the next line or left out because it failed. */
  List<SinkSlot> run(FoundLog found) {
    List<SinkSlot> slots = new ArrayList<>();
    LogEnd end = LogEnd.of(found.longest());
    found
        .copies()
        .forEach(
            (folder, scan) -> {
              int index = slots.size();
              Sink sink = new Sink(folder.directory(), actions, end.last(), end.size());
              SinkSlot slot = new SinkSlot(sink, index);
              slots.add(slot);
              try {
                repair(folder, scan, found.longest(), index);
              } catch (IOException e) {
                slot.leaveOut("cannot be put in order: " + e.getMessage());
              }
            });
    return slots;
  }

  private void repair(LogFolder folder, LogScan scan, LogScan longest, int index)
      throws IOException {
    if (scan.torn().isPresent()) {
      String aside = folder.setAside(scan.torn().get());
      findings.add(finding("torn", index, Map.of("file", aside)));
    }
    folder.complete(scan, longest);
    long missed = next(longest) - next(scan);
    if (missed > 0) {
      findings.add(finding("completed", index, Map.of("lines", Long.toString(missed))));
    }
  }

  private static long next(LogScan scan) {
    return scan.head().map(AuditHead::sequence).orElse(-1L) + 1;
  }

  private static AuditEvent finding(String event, int directory, Map<String, String> more) {
    Map<String, String> facts = new HashMap<>(more);
    facts.put("event", event);
    facts.put("directory", Integer.toString(directory));
    return AuditEvent.done(AuditKind.LOG, facts);
  }
}
