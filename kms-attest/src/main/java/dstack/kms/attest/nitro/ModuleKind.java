package dstack.kms.attest.nitro;

import java.util.List;

/** Which of AWS's modules makes a document; both kinds are signed under the same root. */
enum ModuleKind {
  /** The security module of an enclave. */
  ENCLAVE,
  /** The TPM of an instance. */
  NITRO_TPM;

  private static final String REGISTERS = "pcrs";

  /** The names under which the registers may lie; the original takes either name of a TPM. */
  List<String> registerKeys() {
    return switch (this) {
      case ENCLAVE -> List.of(REGISTERS);
      case NITRO_TPM -> List.of("nitrotpm_pcrs", REGISTERS);
    };
  }

  /** Whether a module's id, {@code i-…-enc…} or {@code i-…-tpm…}, is of the other kind. */
  boolean isForeign(String moduleId) {
    return switch (this) {
      case ENCLAVE -> moduleId.contains("-tpm");
      case NITRO_TPM -> moduleId.contains("-enc");
    };
  }
}
