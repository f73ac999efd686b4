package dstack.kms.sim.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.Map;
import java.util.TreeMap;

/** The registers of a simulated enclave: 0 to 15, of which 0 to 2 follow from its image. */
public final class EnclaveRegisters {
  private static final int COUNT = 16;
  private static final int MEASURED = 3;

  private EnclaveRegisters() {}

  /** The registers after the image was loaded. */
  public static Map<Integer, Bytes> of(Bytes image) {
    Map<Integer, Bytes> registers = new TreeMap<>();
    for (int i = 0; i < COUNT; i++) {
      registers.put(i, Bytes.zeros(48));
    }
    for (int i = 0; i < MEASURED; i++) {
      registers.put(i, Digests.sha384(Bytes.utf8("SIMULATED part " + i + " of enclave " + image)));
    }
    registers.put(
        4, Digests.sha384(Bytes.zeros(48), Digests.sha384(Bytes.utf8("SIMULATED instance"))));
    return registers;
  }

  /** The hash under which the image is allowed (specification 15 §4). */
  public static Bytes imageHash(Bytes image) {
    Map<Integer, Bytes> registers = of(image);
    Bytes all = Bytes.EMPTY;
    for (int i = 0; i < MEASURED; i++) {
      all = Bytes.concat(all, registers.getOrDefault(i, Bytes.EMPTY));
    }
    return Digests.sha256(all);
  }
}
