package dstack.kms.attest.snp.report;

import dstack.kms.core.config.SnpFamily;
import java.util.HexFormat;
import java.util.List;

/**
 * A processor family with a certificate hierarchy of its own. The order is that in which families
 * are tried where a report does not name one.
 */
public enum SnpProduct {
  /** Fourth generation EPYC, with Bergamo and Siena. */
  GENOA("Genoa", SnpFamily.GENOA),
  /** Third generation EPYC. */
  MILAN("Milan", SnpFamily.MILAN),
  /** Fifth generation EPYC. */
  TURIN("Turin", SnpFamily.TURIN);

  private final String kdsName;
  private final SnpFamily family;

  SnpProduct(String kdsName, SnpFamily family) {
    this.kdsName = kdsName;
    this.family = family;
  }

  /** AMD's name, as it stands in addresses, in the certificates of authorities and in texts. */
  public String kdsName() {
    return kdsName;
  }

  /** The products whose chips AMD certifies under this one's keys, as it names them there. */
  public List<String> certifiedNames() {
    return switch (this) {
      case GENOA -> List.of(kdsName, "Bergamo", "Siena");
      case MILAN, TURIN -> List.of(kdsName);
    };
  }

  /** The family as the configuration names it. */
  SnpFamily family() {
    return family;
  }

  /** The families that a report may come from: the one of its processor, or all if unnamed. */
  public static List<SnpProduct> candidatesFor(SnpReport report) {
    return report.cpuId().map(cpu -> List.of(of(cpu))).orElse(List.of(values()));
  }

  private static SnpProduct of(CpuId cpu) {
    return switch (cpu.family()) {
      case 0x19 -> of19h(cpu.model());
      case 0x1a -> of1ah(cpu.model());
      default ->
          throw SnpReportRefusal.PRODUCT.because(
              "unsupported amd sev-snp CPUID family: " + hex(cpu.family()));
    };
  }

  private static SnpProduct of19h(int model) {
    if (model <= 0x0f) {
      return MILAN;
    }
    if (model <= 0x1f || (model >= 0xa0 && model <= 0xaf)) {
      return GENOA;
    }
    throw SnpReportRefusal.PRODUCT.because(
        "unsupported amd sev-snp CPUID model for family 19h: " + hex(model));
  }

  private static SnpProduct of1ah(int model) {
    if (model <= 0x11) {
      return TURIN;
    }
    throw SnpReportRefusal.PRODUCT.because(
        "unsupported amd sev-snp CPUID model for family 1Ah: " + hex(model));
  }

  private static String hex(int value) {
    return "0x" + HexFormat.of().toHexDigits((byte) value);
  }
}
