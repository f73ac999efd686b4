package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Background;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a node does while faults come. */
interface Procedure {
  /** The files that it begins with, if any. */
  Optional<Path> before();

  /** What callers were told before it begins. */
  Optional<String> publishedBefore();

  /** What its nodes are told beyond the usual. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** Drives a node that was just started to the end, and says what a caller was told meanwhile. */
  void drive(Node node, Background program, Consumer<String> published);
}
