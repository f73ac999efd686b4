package dstack.kms.sim.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.sim.cbor.CborText;
import java.util.Map;
import java.util.TreeMap;

/** The SHA-384 registers of a simulated NitroTPM, 0 to 23 (specification 15 §9). */
public final class NitroTpmRegisters {
  private static final int COUNT = 24;
  private static final int[] BOOT = {4, 7, 12};
  private static final int NO_KEY_PROVIDER = 0;

  private NitroTpmRegisters() {}

  /**
   * The registers of a booted guest.
   *
   * @param image what was booted
   * @param runtime the replay of the guest's runtime events, 48 bytes
   */
  public static Map<Integer, Bytes> of(Bytes image, Bytes appId, Bytes composeHash, Bytes runtime) {
    Map<Integer, Bytes> registers = new TreeMap<>();
    for (int i = 0; i < COUNT; i++) {
      registers.put(i, Bytes.zeros(48));
    }
    for (int index : BOOT) {
      registers.put(index, boot(image, index));
    }
    registers.put(8, Digests.sha384(Bytes.zeros(48), configId(appId, composeHash)));
    registers.put(14, runtime);
    return registers;
  }

  /** The measurement document of that image. */
  public static Bytes document(Bytes image) {
    Bytes all = Bytes.EMPTY;
    for (int index : BOOT) {
      all = Bytes.concat(all, boot(image, index));
    }
    return CborText.map(CborText.text("boot_pcr_digest"), CborText.bytes(Digests.sha256(all)));
  }

  private static Bytes boot(Bytes image, int index) {
    Bytes event = Digests.sha384(Bytes.utf8("SIMULATED boot of " + image + " into " + index));
    return Digests.sha384(Bytes.zeros(48), event);
  }

  /** MrConfig V2 of a guest that pins no key provider. */
  private static Bytes configId(Bytes appId, Bytes composeHash) {
    Bytes kind = Bytes.of(new byte[] {NO_KEY_PROVIDER});
    Bytes hash = Keccak.keccak256(composeHash, appId, kind);
    return Bytes.concat(Bytes.fromHex("02"), hash, Bytes.zeros(15));
  }
}
