package dstack.kms.core.store;

import dstack.kms.core.file.FileActions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an interrupted set-up of the original left: certificates and at most one root key
 * (specification 04, "After the snapshot"). A new set replaces it, a copy is kept.
 */
final class LeftOvers {
  private final Path directory;
  private final FileActions actions;

  LeftOvers(Path directory, FileActions actions) {
    this.directory = directory;
    this.actions = actions;
  }

  /** Moves them into a folder of their own; says where, if there were any. */
  Optional<String> setAside() throws IOException {
    List<String> names = present();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Path aside = freeName();
    actions.createDirectory(aside);
    for (String name : names) {
      actions.rename(directory.resolve(name), aside.resolve(name));
    }
    actions.sync(aside);
    actions.sync(directory);
    return Optional.of(
        "left-overs of an interrupted set-up are kept in "
            + aside
            + ": "
            + String.join(", ", names));
  }

  private List<String> present() {
    Set<String> names = new LinkedHashSet<>();
    for (KeyFile file : KeyFile.values()) {
      names.add(file.fileName());
      names.add(file.originalsTemporaryName());
    }
    return names.stream().filter(name -> Presence.of(directory.resolve(name))).toList();
  }

  private Path freeName() {
    int number = 1;
    while (Presence.of(directory.resolve("left-over-" + number))) {
      number++;
    }
    return directory.resolve("left-over-" + number);
  }
}
