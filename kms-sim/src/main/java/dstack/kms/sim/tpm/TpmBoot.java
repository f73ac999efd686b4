package dstack.kms.sim.tpm;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.cbor.CborText;
import dstack.kms.sim.container.TpmQuoteContent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the firmware of a Google machine measures before dstack runs: the three events of its one
 * known firmware release, and the four of register 2 of which the third is the image (specification
 * 14 §5).
 */
public final class TpmBoot {
  private static final byte TDX = 3;

  private TpmBoot() {}

  /** The log in its order. */
  public static List<TpmQuoteContent.Event> log(Bytes image) {
    Bytes separator = Digests.sha256(Bytes.zeros(4));
    return List.of(
        new TpmQuoteContent.Event(0, firmware("GCE Virtual Firmware v2\0")),
        new TpmQuoteContent.Event(0, nonHost()),
        event(1, "boot variable"),
        new TpmQuoteContent.Event(2, separator),
        event(2, "partition table of " + image),
        new TpmQuoteContent.Event(2, uki(image)),
        event(2, "inner kernel of " + image),
        event(4, "boot loader"),
        new TpmQuoteContent.Event(0, separator));
  }

  private static Bytes firmware(String version) {
    return Digests.sha256(Bytes.of(version.getBytes(StandardCharsets.UTF_16LE)));
  }

  private static Bytes nonHost() {
    Bytes technology = Bytes.of(new byte[] {TDX});
    return Digests.sha256(Bytes.utf8("GCE NonHostInfo\0"), technology, Bytes.zeros(15));
  }

  private static TpmQuoteContent.Event event(int register, String text) {
    return new TpmQuoteContent.Event(register, Digests.sha256(Bytes.utf8("SIMULATED " + text)));
  }

  /** What names the image on this platform: the hash of its one executable. */
  public static Bytes uki(Bytes image) {
    return Digests.sha256(Bytes.utf8("SIMULATED UKI of " + image));
  }

  /** The measurement document of the image. */
  public static Bytes document(Bytes image) {
    return CborText.map(
        CborText.text("version"),
        CborText.integer(1),
        CborText.text("uki_auth"),
        CborText.bytes(uki(image)));
  }

  /** The value of a register after the events that went into it. */
  public static Bytes replay(int register, List<TpmQuoteContent.Event> log) {
    Bytes value = Bytes.zeros(32);
    for (TpmQuoteContent.Event event : log) {
      if (event.register() == register) {
        value = Digests.sha256(value, event.digest());
      }
    }
    return value;
  }
}
