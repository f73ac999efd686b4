package dstack.kms.cli.input;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A file named on the command line, read whole when the command line is read.
 *
 * @param name as given
 * @param content at most {@link #MAX_BYTES}
 */
public record InputFile(String name, Bytes content) {
  /** More than any quote, attestation or collateral has: 16 MiB. */
  public static final int MAX_BYTES = 16 << 20;

  /** Reads the file of an option or parameter; what goes wrong is wrong usage. */
  public static final class Converter implements ITypeConverter<InputFile> {
    @Override
    public InputFile convert(String name) {
      try (InputStream stream = Files.newInputStream(Path.of(name))) {
        byte[] content = stream.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
          throw new TypeConversionException(name + " is larger than 16 MiB");
        }
        return new InputFile(name, Bytes.of(content));
      } catch (NoSuchFileException e) {
        throw unreadable(name, "no such file", e);
      } catch (AccessDeniedException e) {
        throw unreadable(name, "permission denied", e);
      } catch (IOException | IllegalArgumentException e) {
        throw unreadable(name, String.valueOf(e.getMessage()), e);
      }
    }

    private static TypeConversionException unreadable(String name, String why, Exception cause) {
      var wrongUsage = new TypeConversionException("cannot read " + name + ": " + why);
      wrongUsage.initCause(cause);
      return wrongUsage;
    }
  }

  /**
   * The content as text.
   *
   * @throws RefusalException {@link InputRefusal#MALFORMED} if it is not UTF-8
   */
  public String text() {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content.toArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw RefusalException.causedBy(InputRefusal.MALFORMED, name + " is not UTF-8 text", e);
    }
  }

  /**
   * The content as bytes: decoded if the file is nothing but an even number of hexadecimal digits
   * and white space, with or without {@code 0x} in front; without white space before a JSON object;
   * otherwise as it is.
   */
  public Bytes bytes() {
    if (looksLikeJson()) {
      return Bytes.of(latin().stripLeading().getBytes(StandardCharsets.ISO_8859_1));
    }
    String digits = latin().replaceAll("\\s+", "");
    digits = digits.startsWith("0x") ? digits.substring(2) : digits;
    boolean hex = digits.length() % 2 == 0 && digits.matches("[0-9a-fA-F]+");
    return hex ? Bytes.fromHex(digits) : content;
  }

  /** Whether the content begins like a JSON object. */
  public boolean looksLikeJson() {
    return latin().stripLeading().startsWith("{");
  }

  private String latin() {
    return new String(content.toArray(), StandardCharsets.ISO_8859_1);
  }
}
