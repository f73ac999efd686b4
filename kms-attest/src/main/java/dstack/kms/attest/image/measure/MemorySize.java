package dstack.kms.attest.image.measure;

import java.math.BigInteger;

/**
 * How much memory a guest has.
 *
 * @param bytes from 1 to 2^52
 */
public record MemorySize(long bytes) {
  private static final long HOLE_FROM = 0xB000_0000L;
  private static final long SMALLEST_LITE = 0x8000_0000L;

  /** Refuses sizes that no guest has. */
  public MemorySize {
    if (bytes <= 0 || bytes > MemoryRange.LIMIT) {
      throw MeasureRefusal.MACHINE.because("memory_size is out of range");
    }
  }

  /** The stated size. */
  public static MemorySize of(BigInteger bytes) {
    return new MemorySize(bytes.bitLength() > 62 ? 0 : bytes.longValueExact());
  }

  /** Whether QEMU leaves a hole below 4 GiB and puts what is over 2 GiB above it. */
  boolean hasHole() {
    return bytes >= HOLE_FROM;
  }

  /** The memory below the hole, from which the kernel's loader puts things downwards. */
  long belowHole() {
    return Math.min(bytes, hasHole() ? SMALLEST_LITE : HOLE_FROM);
  }

  /** Refuses sizes for which the document's kernel digest does not count. */
  void requireLite() {
    if (bytes != SMALLEST_LITE && !hasHole()) {
      throw MeasureRefusal.MACHINE.because(
          "TDX lite attestation without image download requires memory_size == 2147483648 bytes"
              + " (2048 MiB) or >= 2952790016 bytes (2816 MiB); got "
              + bytes
              + " bytes");
    }
  }
}
