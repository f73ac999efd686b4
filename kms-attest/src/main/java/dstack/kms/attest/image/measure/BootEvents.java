package dstack.kms.attest.image.measure;

import dstack.kms.attest.eventlog.RegisterReplay;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The events that firmware and kernel measure, and the registers after them (17 §5.3 to §5.5). */
final class BootEvents {
  private static final String GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
  private static final String SECURITY = "d719b2cb-3d3a-4596-a3bc-dad00e67656f";

  /** The configuration volume of the firmware, empty. */
  private static final Bytes CONFIGURATION_VOLUME =
      Bytes.fromHex(
          "344bc51c980ba621aaa00da3ed7436f7d6e549197dfe699515dfa2c6583d95e6"
              + "412af21c097d473155875ffd561d6790");

  /** The boot option of the firmware's own menu, before May 2025. */
  private static final Bytes BOOT_0000 =
      Bytes.fromHex(
          "23ada07f5261f12f34a0bd8e46760962d6b4d576a416f1fea1c64bc656b1d28e"
              + "acf7047ae6e967c58fd2a98bfa74c298");

  private BootEvents() {}

  static Bytes rtmr0(Bytes tdHobDigest, AcpiDigests acpi) {
    return RegisterReplay.sha384(
        List.of(
            tdHobDigest,
            CONFIGURATION_VOLUME,
            variable(GLOBAL, "SecureBoot"),
            variable(GLOBAL, "PK"),
            variable(GLOBAL, "KEK"),
            variable(SECURITY, "db"),
            variable(SECURITY, "dbx"),
            separator(),
            acpi.loader(),
            acpi.rsdp(),
            acpi.tables(),
            Digests.sha384(Bytes.zeros(2)),
            BOOT_0000));
  }

  static Bytes rtmr1(Bytes kernelDigest) {
    return RegisterReplay.sha384(
        List.of(
            kernelDigest,
            text("Calling EFI Application from Boot Option"),
            separator(),
            text("Exit Boot Services Invocation"),
            text("Exit Boot Services Returned with Success")));
  }

  static Bytes rtmr2(Bytes cmdlineDigest, Bytes initrdDigest) {
    return RegisterReplay.sha384(List.of(cmdlineDigest, initrdDigest));
  }

  /** The command line as the kernel's EFI stub measures it. */
  static Bytes cmdlineDigest(String cmdline) {
    return Digests.sha384(utf16(cmdline + " initrd=initrd"), Bytes.zeros(2));
  }

  /** A variable that is not set. */
  private static Bytes variable(String vendor, String name) {
    ByteBuffer lengths = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    lengths.putLong(name.length());
    return Digests.sha384(Guid.bytes(vendor), Bytes.of(lengths.array()), utf16(name));
  }

  private static Bytes separator() {
    return Digests.sha384(Bytes.zeros(4));
  }

  private static Bytes text(String text) {
    return Digests.sha384(Bytes.utf8(text));
  }

  private static Bytes utf16(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_16LE));
  }
}
