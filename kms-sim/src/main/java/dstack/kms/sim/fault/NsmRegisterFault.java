package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.nitro.NsmRecipe;

/** A rightly signed document of a machine whose registers are not what they should be. */
public enum NsmRegisterFault implements SimulatedFault {
  /** An enclave that was started in debug mode: registers 0 to 2 are zero. */
  DEBUG_ENCLAVE(document -> zero(document, 0, 1, 2)),
  ZERO_IMAGE_REGISTER(document -> zero(document, 0)),
  /** An enclave of another image than its container claims. */
  OTHER_ENCLAVE(document -> document.register(1, Bytes.fromHex("ab".repeat(48)))),
  WITHOUT_ENCLAVE_REGISTER(document -> document.withoutRegister(2)),
  /** A NitroTPM that measured another boot loader. */
  OTHER_BOOT(document -> document.register(4, Bytes.fromHex("ab".repeat(48)))),
  OTHER_SECURE_BOOT(document -> document.register(7, Bytes.fromHex("ab".repeat(48)))),
  OTHER_COMMAND_LINE(document -> document.register(12, Bytes.fromHex("ab".repeat(48)))),
  WITHOUT_BOOT_REGISTER(document -> document.withoutRegister(4)),
  /** A NitroTPM that measured other runtime events. */
  OTHER_RUNTIME(document -> document.register(14, Bytes.fromHex("ab".repeat(48)))),
  WITHOUT_RUNTIME_REGISTER(document -> document.withoutRegister(14)),
  /** A NitroTPM that measured another configuration of the guest. */
  OTHER_CONFIGURATION(document -> document.register(8, Bytes.fromHex("ab".repeat(48))));

  /** Changes registers before the document is signed. */
  @Immutable
  private interface Edit {
    void apply(NsmRecipe document);
  }

  private final Edit edit;

  NsmRegisterFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the document says. */
  public void applyTo(NsmRecipe document) {
    edit.apply(document);
  }

  private static void zero(NsmRecipe document, int... registers) {
    for (int register : registers) {
      document.register(register, Bytes.zeros(48));
    }
  }
}
