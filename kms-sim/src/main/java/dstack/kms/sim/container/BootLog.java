package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The firmware's and boot loader's events of a simulated TD: the kinds and the order of a real
 * dstack guest, with invented content. Kernel and command line depend on the operating system
 * image.
 */
public final class BootLog {
  private static final int SEPARATOR = 0x4;
  private static final int EVENT_TAG = 0x6;
  private static final int PLATFORM_CONFIG = 0xa;
  private static final int VARIABLE_DRIVER_CONFIG = 0x80000001;
  private static final int VARIABLE_BOOT = 0x80000002;
  private static final int BOOT_APPLICATION = 0x80000003;
  private static final int ACTION = 0x80000007;
  private static final int HANDOFF_BLOB = 0x8000000b;
  private static final Bytes ACPI_DATA = Bytes.utf8("ACPI DATA");

  private BootLog() {}

  /** The events of RTMR 0 to 2 in the order of a real log. */
  public static List<LoggedEvent> of(Bytes osImageHash) {
    Bytes kernel = measured("kernel of image " + osImageHash);
    return List.of(
        plain(0, HANDOFF_BLOB, "firmware hand-off table"),
        plain(0, PLATFORM_CONFIG, "QEMU FW CFG BootMenu"),
        variable("SecureBoot"),
        variable("PK"),
        variable("KEK"),
        variable("db"),
        variable("dbx"),
        separator(0),
        LoggedEvent.ofBoot(0, PLATFORM_CONFIG, measured("acpi loader"), ACPI_DATA),
        LoggedEvent.ofBoot(0, PLATFORM_CONFIG, measured("acpi rsdp"), ACPI_DATA),
        LoggedEvent.ofBoot(0, PLATFORM_CONFIG, measured("acpi tables"), ACPI_DATA),
        LoggedEvent.ofBoot(1, BOOT_APPLICATION, kernel, measured("path of the kernel")),
        plain(0, VARIABLE_BOOT, "BootOrder"),
        action("Calling EFI Application from Boot Option"),
        separator(1),
        plain(2, EVENT_TAG, "LOADED_IMAGE::LoadOptions of image " + osImageHash),
        plain(2, EVENT_TAG, "Linux initrd of image " + osImageHash),
        action("Exit Boot Services Invocation"),
        action("Exit Boot Services Returned with Success"));
  }

  private static LoggedEvent plain(int register, int type, String text) {
    return LoggedEvent.ofBoot(register, type, measured(text), Bytes.utf8(text));
  }

  private static LoggedEvent variable(String name) {
    Bytes utf16 = Bytes.of(name.getBytes(StandardCharsets.UTF_16LE));
    return LoggedEvent.ofBoot(0, VARIABLE_DRIVER_CONFIG, measured(name), utf16);
  }

  private static LoggedEvent separator(int register) {
    return LoggedEvent.ofBoot(register, SEPARATOR, Bytes.zeros(4), Bytes.zeros(4));
  }

  private static LoggedEvent action(String text) {
    return LoggedEvent.ofBoot(1, ACTION, Bytes.utf8(text), Bytes.utf8(text));
  }

  private static Bytes measured(String text) {
    return Bytes.utf8("SIMULATED " + text);
  }
}
