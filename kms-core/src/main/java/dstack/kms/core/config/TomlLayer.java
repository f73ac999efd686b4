package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads one TOML document into a layer. */
final class TomlLayer {
  private final String file;
  private final TomlTable root;
  private final ConfigLayer layer = new ConfigLayer();

  private TomlLayer(String file, TomlTable root) {
    this.file = file;
    this.root = root;
  }

  static ConfigLayer parse(String file, String text) {
    TomlParseResult result = Toml.parse(text);
    if (result.hasErrors()) {
      TomlParseError first = result.errors().getFirst();
      throw new RefusalException(
          ConfigRefusal.UNREADABLE,
          file + ":" + first.position().line() + ": not TOML: " + first.getMessage());
    }
    TomlLayer reading = new TomlLayer(file, result);
    reading.read(result, List.of());
    return reading.layer;
  }

  private void read(TomlTable table, List<String> path) {
    layer.putTable(path, origin(path));
    for (String name : table.keySet()) {
      List<String> below = new ArrayList<>(path);
      below.add(name);
      Object value = Objects.requireNonNull(table.get(List.of(name)));
      switch (value) {
        case TomlTable inner -> read(inner, below);
        case TomlArray array -> layer.put(below, array.toList(), origin(below));
        default -> layer.put(below, value, origin(below));
      }
    }
  }

  private String origin(List<String> path) {
    TomlPosition position = path.isEmpty() ? null : root.inputPositionOf(path);
    return position == null ? file : file + ":" + position.line();
  }
}
