package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the files of specification 04 §8 and merges them, later ones winning key by key. */
final class ConfigFiles {
  private static final int MAX_BYTES = 1 << 20;

  private ConfigFiles() {}

  static ConfigLayer read(ConfigSources sources) {
    ConfigLayer merged = new ConfigLayer();
    for (Path dir : new Path[] {sources.systemDir(), sources.workingDir()}) {
      for (String name : new String[] {"kms.toml", "kms.json"}) {
        if (isThere(dir.resolve(name))) {
          merged.merge(parse(dir.resolve(name)));
        }
      }
    }
    sources.file().ifPresent(name -> merged.merge(parse(named(name, sources.workingDir()))));
    return merged;
  }

  /** What is there and cannot be read is refused later: leaving it out could weaken the server. */
  private static boolean isThere(Path file) {
    return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** A relative name is looked for in the working directory and then in its parents. */
  private static Path named(String name, Path workingDir) {
    Path file = Path.of(name);
    if (file.isAbsolute()) {
      return present(file, name);
    }
    for (@Nullable Path dir = workingDir; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve(file))) {
        return dir.resolve(file).normalize();
      }
    }
    return present(workingDir.resolve(file), name);
  }

  private static Path present(Path file, String name) {
    if (!Files.exists(file)) {
      throw new RefusalException(
          ConfigRefusal.UNREADABLE, "the configuration file " + name + " does not exist");
    }
    return file;
  }

  private static ConfigLayer parse(Path file) {
    String text = text(file);
    return file.toString().endsWith(".toml")
        ? TomlLayer.parse(file.toString(), text)
        : JsonLayer.parse(file.toString(), text);
  }

  private static String text(Path file) {
    try (var stream = Files.newInputStream(file)) {
      byte[] content = stream.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new RefusalException(ConfigRefusal.UNREADABLE, file + " is larger than 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw RefusalException.causedBy(ConfigRefusal.UNREADABLE, file + " is not UTF-8", e);
    } catch (IOException e) {
      throw RefusalException.causedBy(ConfigRefusal.UNREADABLE, "cannot read " + file, e);
    }
  }
}
