package dstack.kms.attest.evidence;

import java.util.Optional;

/** Where a TPM quote says that it was made. */
public enum TpmPlatform {
  DSTACK(0, "dstack"),
  GCP(1, "gcp"),
  NITRO_ENCLAVE(2, "nitroenclave"),
  AWS_EC2(3, "aws-ec2");

  private final int number;
  private final String wireName;

  TpmPlatform(int number, String wireName) {
    this.number = number;
    this.wireName = wireName;
  }

  /** The number in SCALE. */
  public int number() {
    return number;
  }

  /** The name in MessagePack. */
  public String wireName() {
    return wireName;
  }

  static Optional<TpmPlatform> ofNumber(int number) {
    for (TpmPlatform platform : values()) {
      if (platform.number == number) {
        return Optional.of(platform);
      }
    }
    return Optional.empty();
  }

  static Optional<TpmPlatform> ofWireName(String name) {
    for (TpmPlatform platform : values()) {
      if (platform.wireName.equals(name)) {
        return Optional.of(platform);
      }
    }
    return Optional.empty();
  }
}
