package dstack.kms.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what the kernel tells in small files; what is not there or cannot be read is absent. */
final class KernelFiles {
  private KernelFiles() {}

  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static OptionalLong number(Path file) {
    return text(file).map(KernelFiles::parsed).orElse(OptionalLong.empty());
  }

  /** The number after {@code Name:} in a file such as {@code /proc/meminfo}, in KiB. */
  static OptionalLong kibibytes(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> parsed(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  /** The soft limit of that name in {@code /proc/self/limits}; the largest number if unlimited. */
  static OptionalLong softLimit(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
        .map(word -> word.equals("unlimited") ? OptionalLong.of(Long.MAX_VALUE) : parsed(word))
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private static List<String> lines(Path file) {
    return text(file).map(text -> text.lines().toList()).orElse(List.of());
  }

  private static OptionalLong parsed(String digits) {
    return digits.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}
