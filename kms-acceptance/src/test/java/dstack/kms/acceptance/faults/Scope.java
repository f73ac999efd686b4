package dstack.kms.acceptance.faults;

import java.util.List;
import java.util.stream.IntStream;

/** How much is run: some of the points in every build, all of them with {@code KMS_FAULTS=all}. */
final class Scope {
  private Scope() {}

  static boolean isEverything() {
    return "all".equals(System.getenv("KMS_FAULTS"));
  }

  /** All of them, or so many that are spread evenly, the first and the last among them. */
  static <T> List<T> of(List<T> all, int usually) {
    if (isEverything() || all.size() <= usually) {
      return all;
    }
    return IntStream.range(0, usually)
        .mapToObj(number -> all.get(number * (all.size() - 1) / (usually - 1)))
        .toList();
  }
}
