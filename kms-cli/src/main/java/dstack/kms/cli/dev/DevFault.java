package dstack.kms.cli.dev;

import dstack.kms.sim.fault.NsmRegisterFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.fault.SnpReportFault;
import dstack.kms.sim.fault.TdAttributeBit;
import dstack.kms.sim.fault.TpmQuoteFault;
import dstack.kms.sim.platform.PlatformKind;
import java.util.List;

/**
 * A guest that must get no keys.
 *
 * @param what it is
 * @param text that its refusal contains
 */
record DevFault(SimulatedFault fault, String what, String text) {
  private static final TdAttributeBit DEBUG = new TdAttributeBit(0);

  /** The guests of that kind that a check sends. */
  static List<DevFault> of(PlatformKind kind) {
    return switch (kind) {
      case TDX -> List.of(debuggedDomain());
      case GCP_TDX ->
          List.of(
              debuggedDomain(),
              new DevFault(
                  TpmQuoteFault.OTHER_RUNTIME_EVENTS,
                  "a guest whose TPM measured other events",
                  "PCR14 mismatch"));
      case NITRO ->
          List.of(new DevFault(NsmRegisterFault.DEBUG_ENCLAVE, "a debug enclave", "debug mode"));
      case NITRO_TPM ->
          List.of(
              new DevFault(
                  NsmRegisterFault.OTHER_RUNTIME,
                  "a guest whose TPM measured other events",
                  "PCR14 mismatch"));
      case SEV_SNP ->
          List.of(
              new DevFault(
                  SnpReportFault.DEBUG,
                  "a guest that can be debugged",
                  "guest policy allows debug"),
              new DevFault(
                  SnpReportFault.OTHER_MEASUREMENT,
                  "a guest that was launched from something else",
                  "measurement mismatch"));
    };
  }

  private static DevFault debuggedDomain() {
    return new DevFault(DEBUG, "a guest that can be debugged", "Debug mode is enabled");
  }
}
