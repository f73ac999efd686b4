package dstack.kms.core.config;

/** A family of AMD processors that SEV-SNP reports can come from. */
public enum SnpFamily implements ConfigWord {
  MILAN("milan"),
  GENOA("genoa"),
  TURIN("turin");

  private final String word;

  SnpFamily(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
