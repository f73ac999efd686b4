package dstack.kms.attest.snp.launch;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The processor models that a guest can be launched with, and the signatures they measure as. */
final class VcpuTypes {
  private static final int NAPLES = 0x800f12;
  private static final int ROME = 0x830f10;
  private static final int MILAN = 0xa00f11;
  private static final int GENOA = 0xa10f10;

  private static final Map<String, Integer> SIGNATURES =
      Map.ofEntries(
          Map.entry("epyc", NAPLES),
          Map.entry("epyc-v1", NAPLES),
          Map.entry("epyc-v2", NAPLES),
          Map.entry("epyc-v3", NAPLES),
          Map.entry("epyc-v4", NAPLES),
          Map.entry("epyc-ibpb", NAPLES),
          Map.entry("epyc-rome", ROME),
          Map.entry("epyc-rome-v1", ROME),
          Map.entry("epyc-rome-v2", ROME),
          Map.entry("epyc-rome-v3", ROME),
          Map.entry("epyc-milan", MILAN),
          Map.entry("epyc-milan-v1", MILAN),
          Map.entry("epyc-milan-v2", MILAN),
          Map.entry("epyc-genoa", GENOA),
          Map.entry("epyc-genoa-v1", GENOA));

  private VcpuTypes() {}

  /** The signature of a model, whose name may be in any case; empty if it is not known. */
  static Optional<Integer> signature(String type) {
    return Optional.ofNullable(SIGNATURES.get(type.toLowerCase(Locale.ROOT)));
  }
}
