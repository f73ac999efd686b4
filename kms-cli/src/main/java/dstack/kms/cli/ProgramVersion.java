package dstack.kms.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What the build wrote down about itself. */
final class ProgramVersion implements IVersionProvider {
  /** The version with its commit: {@code v1.2.3 (git:<20 hex>)}. */
  static String text() {
    try (InputStream file = ProgramVersion.class.getResourceAsStream("version.txt")) {
      byte[] content = Objects.requireNonNull(file, "version.txt is missing").readAllBytes();
      return new String(content, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bare number in that text: {@code 1.2.3}. */
  static String number(String text) {
    int end = text.indexOf(' ');
    return text.substring(text.startsWith("v") ? 1 : 0, end < 0 ? text.length() : end);
  }

  @Override
  public String[] getVersion() {
    return new String[] {"kms " + text()};
  }
}
