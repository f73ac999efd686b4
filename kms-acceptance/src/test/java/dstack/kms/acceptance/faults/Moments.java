package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a loss of power leaves at each moment of a procedure, and what was published by then. */
final class Moments {
  private final Disk disk;
  private final String directory;

  /** The last moment of each kind: equal images at different times are one. */
  private final Map<Likeness, Moment> different = new LinkedHashMap<>();

  private int count;
  private volatile Optional<String> published = Optional.empty();

  private record Likeness(String image, Optional<String> published) {}

  private record Moment(Call after, Path image, Optional<String> published) {}

  Moments(Disk disk, String directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /** From now on a caller has this answer. */
  void published(String answer) {
    published = Optional.of(answer);
  }

  /** Keeps the disk as it would be if the power failed now, and lets the program go on. */
  synchronized boolean take(Call after) {
    count++;
    Likeness likeness = new Likeness(disk.fingerprint(), published);
    different.computeIfAbsent(
        likeness, _ -> new Moment(after, disk.copy("moment-" + different.size()), published));
    return true;
  }

  synchronized int count() {
    return count;
  }

  /** Starts from the moments, from equal ones once; says how many there were. */
  synchronized String examine(Host host, int usually) {
    List<Moment> started = Scope.of(new ArrayList<>(different.values()), usually);
    int offered = 0;
    for (Moment moment : started) {
      Path files = disk.filesOf(moment.image()).resolve(directory);
      try {
        NextStart found = NextStart.from(host, files, moment.published());
        offered += found == NextStart.OFFERED_SET_UP ? 1 : 0;
      } catch (AssertionError e) {
        throw new AssertionError("lost after " + moment.after() + ": " + names(files), e);
      }
    }
    return count
        + " losses, "
        + different.size()
        + " different, "
        + started.size()
        + " started from, 0 lost ("
        + offered
        + " times set-up was offered again)";
  }

  private static String names(Path files) {
    return Files.exists(files) ? List.of(files.toFile().list()).toString() : "nothing";
  }
}
