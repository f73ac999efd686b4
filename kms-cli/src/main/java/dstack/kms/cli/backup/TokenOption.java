package dstack.kms.cli.backup;

import dstack.kms.cli.input.InputFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A token out of a file or a variable: the command line can be read by other users. */
final class TokenOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "File with the token that the node asks for, instead of a variable.")
  private @Nullable InputFile file;

  /** The file's token, else that of the first variable that is set. */
  Optional<String> token(Map<String, String> variables, List<String> names) {
    if (file != null) {
      return Optional.of(file.text().strip());
    }
    return names.stream().map(variables::get).filter(Objects::nonNull).findFirst();
  }
}
