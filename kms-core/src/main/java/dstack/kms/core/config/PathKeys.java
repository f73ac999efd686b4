package dstack.kms.core.config;

import java.nio.file.Path;
import java.util.Optional;

/** The keys of a table that hold paths. */
record PathKeys(TableReader table) {
  Path one(String name, Path otherwise) {
    return table.read(name, otherwise, ConfigText::path, Path::toString);
  }

  /** A path of which the empty text means that there is none. */
  Optional<Path> optional(String name) {
    Path none = Path.of("");
    return Optional.of(one(name, none)).filter(path -> !path.toString().isBlank());
  }

  /** A path that is set, even to the empty text, as soon as its key is there. */
  Optional<Path> ifPresent(String name) {
    return table.find(name).isPresent() ? Optional.of(one(name, Path.of(""))) : absent(name);
  }

  /** A path that begins at the root; the empty one only where that is the default. */
  Path absolute(String name, Path otherwise) {
    return table.read(
        name,
        otherwise,
        found -> ConfigText.absolute(ConfigText.path(found), otherwise),
        Path::toString);
  }

  /** The same with a variable of another name, which wins over the file. */
  Path absolute(String name, Path otherwise, String variable) {
    Path own = absolute(name, otherwise);
    return table
        .stronger(name, variable)
        .map(
            other -> {
              Path path = ConfigText.override(variable, other);
              table.note(name, path.toString(), variable);
              return path;
            })
        .orElse(own);
  }

  private Optional<Path> absent(String name) {
    table.note(name, "", "default");
    return Optional.empty();
  }
}
