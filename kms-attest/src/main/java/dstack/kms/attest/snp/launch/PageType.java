package dstack.kms.attest.snp.launch;

/** What the secure processor is told that a page is. */
enum PageType {
  NORMAL(1),
  VMSA(2),
  ZERO(3),
  SECRETS(5),
  CPUID(6);

  private final int number;

  PageType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
