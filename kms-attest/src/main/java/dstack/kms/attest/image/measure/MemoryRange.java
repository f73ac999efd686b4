package dstack.kms.attest.image.measure;

import java.util.Optional;

/**
 * A range of a guest's physical memory.
 *
 * @param start the first address
 * @param end the address after the last, at most 2^52
 */
record MemoryRange(long start, long end) {
  /** More address bits than any processor has. */
  static final long LIMIT = 1L << 52;

  /** The range, unless it leaves the address space. */
  static Optional<MemoryRange> ofLength(long start, long length) {
    boolean inside =
        start >= 0 && length >= 0 && start <= LIMIT && length <= LIMIT && start + length <= LIMIT;
    return inside ? Optional.of(new MemoryRange(start, start + length)) : Optional.empty();
  }

  long length() {
    return end - start;
  }
}
