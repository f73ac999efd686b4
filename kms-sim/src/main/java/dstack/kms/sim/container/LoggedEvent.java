package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import java.util.Optional;

/**
 * A line of the event log of a TD (specification 12 §2).
 *
 * @param register 0 to 3
 * @param type the TCG event type, as 32 bits
 * @param digest 48 bytes
 * @param name empty for events before the kernel
 * @param version of the digest of a runtime event; 1 for all others
 */
public record LoggedEvent(
    int register, int type, Bytes digest, String name, Bytes payload, int version) {
  private static final int REGISTER_LENGTH = 48;

  /** An event of the firmware or the boot loader, its digest taken of these bytes. */
  static LoggedEvent ofBoot(int register, int type, Bytes measured, Bytes payload) {
    return new LoggedEvent(register, type, Digests.sha384(measured), "", payload, 1);
  }

  /** The text that version 2 shows beside the digest. */
  Optional<Bytes> preimage() {
    return version == 1
        ? Optional.empty()
        : Optional.of(new RuntimeEvent(name, payload, version).preimage());
  }

  /** What the register holds after the events that went into it: 48 bytes. */
  public static Bytes replay(int register, List<LoggedEvent> log) {
    Bytes value = Bytes.zeros(REGISTER_LENGTH);
    for (LoggedEvent event : log) {
      if (event.register == register) {
        value = Digests.sha384(value, event.digest);
      }
    }
    return value;
  }
}
