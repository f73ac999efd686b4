package dstack.kms.cli.verify;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file named on the command line that is too large to be read whole. */
final class ArchivePath implements ITypeConverter<Path> {
  @Override
  public Path convert(String name) {
    Path path = path(name);
    if (!Files.exists(path)) {
      throw new TypeConversionException("cannot read " + name + ": no such file");
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new TypeConversionException("cannot read " + name + ": not a readable file");
    }
    return path;
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      var wrongUsage = new TypeConversionException("cannot read " + name + ": no file's name");
      wrongUsage.initCause(e);
      throw wrongUsage;
    }
  }
}
