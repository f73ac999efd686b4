package dstack.kms.sim.snp;

import java.util.Locale;

/** The generations of processors, each with a root of its own. */
public enum SnpProduct {
  MILAN("Milan", "Milan-B0", 0x19, 0x01),
  GENOA("Genoa", "Genoa-B1", 0x19, 0x11),
  TURIN("Turin", "Turin-C1", 0x1a, 0x02);

  private final String title;
  private final String stepping;
  private final int family;
  private final int model;

  SnpProduct(String title, String stepping, int family, int model) {
    this.title = title;
    this.stepping = stepping;
    this.family = family;
    this.model = model;
  }

  /** The name in certificates and addresses. */
  public String title() {
    return title;
  }

  /** The name in settings. */
  public String settingName() {
    return "sev_snp_" + title.toLowerCase(Locale.ROOT);
  }

  String stepping() {
    return stepping;
  }

  int family() {
    return family;
  }

  int model() {
    return model;
  }

  /** How much of a chip's identifier is used. */
  int chipIdLength() {
    return this == TURIN ? 8 : 64;
  }
}
