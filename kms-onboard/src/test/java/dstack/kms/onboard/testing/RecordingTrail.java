package dstack.kms.onboard.testing;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditRefusal;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A trail in memory that can be told to take nothing. */
public final class RecordingTrail implements AuditTrail {
  private final List<AuditEvent> done = new ArrayList<>();
  private final List<AuditEvent> noted = new ArrayList<>();
  private boolean writable = true;

  /** From now on nothing is taken. */
  public void unwritable() {
    writable = false;
  }

  /** The facts of everything of that kind that was done. */
  public List<Map<String, String>> done(AuditKind kind) {
    return done.stream().filter(event -> event.kind() == kind).map(AuditEvent::facts).toList();
  }

  /** The kinds of what was refused. */
  public List<AuditKind> refused() {
    return noted.stream().map(AuditEvent::kind).toList();
  }

  @Override
  public void require(AuditEvent event) {
    requireWritable();
    done.add(event);
  }

  @Override
  public void note(AuditEvent event) {
    noted.add(event);
  }

  @Override
  public void requireWritable() {
    if (!writable) {
      throw new RefusalException(AuditRefusal.UNWRITABLE, "the audit log cannot be written");
    }
  }

  @Override
  public Optional<AuditHead> head() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
