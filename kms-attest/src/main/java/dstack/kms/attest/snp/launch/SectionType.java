package dstack.kms.attest.snp.launch;

import java.util.Optional;

/** What the firmware's metadata says a range of memory is for. */
enum SectionType {
  SEC_MEMORY(1),
  SECRETS(2),
  CPUID(3),
  SVSM_CAA(4),
  KERNEL_HASHES(0x10);

  private final int number;

  SectionType(int number) {
    this.number = number;
  }

  static Optional<SectionType> of(long number) {
    for (SectionType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
