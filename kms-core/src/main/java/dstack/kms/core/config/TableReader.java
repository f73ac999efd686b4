package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the keys of one table, whatever they hold: finds a value, has it parsed, refuses it with
 * key and origin, and notes what came of it.
 *
 * @param settings where values are found and noted
 * @param prefix of each key, with its last dot
 */
record TableReader(Settings settings, String prefix) {
  TableReader table(String name) {
    return new TableReader(settings, prefix + name + ".");
  }

  /** The dotted name. */
  String key(String name) {
    return prefix + name;
  }

  Optional<Located> find(String name) {
    return settings.find(key(name));
  }

  /** Notes what a key came to, as it may be shown. */
  void note(String name, String shown, String origin) {
    settings.note(key(name), shown, origin);
  }

  /**
   * The variable of another name that wins over the file, unless a flag or variable has the key.
   */
  Optional<String> stronger(String name, String variable) {
    return find(name).filter(Located::textual).isPresent()
        ? Optional.empty()
        : settings.environment(variable);
  }

  <T> T read(String name, T otherwise, Function<Located, T> parse, Function<T, String> show) {
    Optional<Located> found = find(name);
    T value = found.map(at -> parsed(name, at, parse)).orElse(otherwise);
    note(name, show.apply(value), found.map(Located::origin).orElse("default"));
    return value;
  }

  /** The same, where a variable of the original is asked if no source has the key. */
  <T> T readOr(
      String name,
      List<String> variables,
      T otherwise,
      Function<Located, T> parse,
      Function<T, String> show) {
    if (find(name).isPresent()) {
      return read(name, otherwise, parse, show);
    }
    for (String variable : variables) {
      Optional<String> text = settings.environment(variable).filter(found -> !found.isBlank());
      if (text.isPresent()) {
        T value = parsed(name, new Located(text.get(), variable, true), parse);
        note(name, show.apply(value), variable);
        return value;
      }
    }
    return read(name, otherwise, parse, show);
  }

  /** The value, or a refusal that quotes it. */
  <T> T parsed(String name, Located found, Function<Located, T> parse) {
    return parsed(name, found, parse, "");
  }

  /** The same of a value that nobody may see. */
  <T> T parsedSecret(String name, Located found, Function<Located, T> parse) {
    return parsed(name, found, parse, "its value ");
  }

  private <T> T parsed(String name, Located found, Function<Located, T> parse, String subject) {
    try {
      return parse.apply(found);
    } catch (ConfigText.BadValue e) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE,
          found.origin() + ": " + key(name) + ": " + subject + e.getMessage());
    }
  }
}
