package dstack.kms.chain.calldata;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every function that can be read from calldata. */
final class KnownFunctions {
  private static final Map<Bytes, Function> BY_SELECTOR =
      Stream.of(
              KmsFunctions.ALL,
              AppFunctions.ALL,
              OwnerFunctions.ALL,
              TimelockFunctions.ALL,
              SafeFunctions.ALL)
          .flatMap(List::stream)
          .collect(
              Collectors.toUnmodifiableMap(
                  function -> function.signature().selector(), UnaryOperator.identity()));

  private KnownFunctions() {}

  /** The function with this selector of 4 bytes. */
  static Optional<Function> of(Bytes selector) {
    return Optional.ofNullable(BY_SELECTOR.get(selector));
  }
}
