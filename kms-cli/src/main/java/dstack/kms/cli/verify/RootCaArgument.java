package dstack.kms.cli.verify;

import dstack.kms.cli.input.InputFile;
import dstack.kms.core.config.TrustAnchor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A root certificate in the place of a vendor's: {@code FILE}, or {@code KIND=FILE} where evidence
 * has more than one root.
 *
 * @param anchor whose place it takes; empty for the root of the evidence's own platform
 * @param file PEM or DER
 */
record RootCaArgument(Optional<TrustAnchor> anchor, InputFile file) {
  /** Reads the argument and its file. */
  static final class Converter implements ITypeConverter<RootCaArgument> {
    @Override
    public RootCaArgument convert(String text) {
      int equals = text.indexOf('=');
      Optional<TrustAnchor> named =
          equals < 0 ? Optional.empty() : named(text.substring(0, equals));
      if (named.isEmpty() && equals > 0 && text.substring(0, equals).matches("[a-z_]+")) {
        throw new TypeConversionException(
            "unknown root '" + text.substring(0, equals) + "': expected one of " + known());
      }
      String name = named.isPresent() ? text.substring(equals + 1) : text;
      return new RootCaArgument(named, new InputFile.Converter().convert(name));
    }

    private static Optional<TrustAnchor> named(String key) {
      return Arrays.stream(TrustAnchor.values())
          .filter(anchor -> anchor.key().equals(key))
          .findFirst();
    }

    private static String known() {
      return Arrays.stream(TrustAnchor.values())
          .map(TrustAnchor::key)
          .collect(Collectors.joining(", "));
    }
  }
}
