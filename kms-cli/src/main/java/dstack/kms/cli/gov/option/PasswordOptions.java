package dstack.kms.cli.gov.option;

import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the password of a key file comes from; asked for if there is somebody to ask. */
final class PasswordOptions {
  private final Map<String, String> variables;
  private final Terminal terminal;

  @Option(
      names = "--password-env",
      paramLabel = "NAME",
      description = "The variable that holds the key file's password.")
  private @Nullable String variable;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the key file's password.")
  private @Nullable Path file;

  PasswordOptions(Map<String, String> variables, Terminal terminal) {
    this.variables = Map.copyOf(variables);
    this.terminal = terminal;
  }

  /** The password in UTF-8. */
  Secret read(CommandSpec spec) {
    if (variable != null) {
      String text = variables.get(variable);
      if (text == null) {
        throw usage(spec, "the variable " + variable + " is not set");
      }
      return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }
    return file == null ? typed(spec) : firstLine(spec, file);
  }

  private static Secret firstLine(CommandSpec spec, Path path) {
    byte[] content;
    try {
      content = Files.readAllBytes(path);
    } catch (IOException e) {
      throw usage(spec, "cannot read the password file " + path);
    }
    int end = 0;
    while (end < content.length && content[end] != '\n' && content[end] != '\r') {
      end++;
    }
    byte[] line = Arrays.copyOf(content, end);
    Arrays.fill(content, (byte) 0);
    return Secret.takeOver(line);
  }

  private Secret typed(CommandSpec spec) {
    char[] typed =
        terminal
            .askSecret("Password of the key file: ")
            .orElseThrow(
                () ->
                    usage(
                        spec,
                        "the key file needs a password: --password-env or --password-file, or a"
                            + " terminal to ask at"));
    byte[] longest = new byte[3 * typed.length];
    ByteBuffer encoded = ByteBuffer.wrap(longest);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), encoded, true);
    byte[] password = Arrays.copyOf(longest, encoded.position());
    Arrays.fill(longest, (byte) 0);
    Terminal.wipe(typed);
    return Secret.takeOver(password);
  }

  private static ParameterException usage(CommandSpec spec, String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
