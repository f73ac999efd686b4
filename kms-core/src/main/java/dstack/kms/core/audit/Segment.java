package dstack.kms.core.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a log, named for its first line.
 *
 * @param first the number of that line
 */
record Segment(Path file, long first) {
  private static final Pattern NAME = Pattern.compile("audit-([0-9]{12,18})\\.jsonl");

  /** The name of a file that begins with this line. */
  static String name(long first) {
    return String.format(Locale.ROOT, "audit-%012d.jsonl", first);
  }

  String name() {
    return name(first);
  }

  /** The files of a directory in the order of the log. */
  static List<Segment> in(Path directory) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          segments.add(new Segment(file, Long.parseLong(matcher.group(1))));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::first));
    return segments;
  }
}
