package dstack.kms.sim.container;

import java.util.Optional;

/** The two encodings of an attestation (specification 10 §1). */
public enum ContainerVersion {
  /** SCALE; what today's guests mostly send. */
  V0,
  /** MessagePack. */
  V1;

  /** The version of that number. */
  public static Optional<ContainerVersion> ofNumber(int number) {
    return switch (number) {
      case 0 -> Optional.of(V0);
      case 1 -> Optional.of(V1);
      default -> Optional.empty();
    };
  }
}
