package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A Debian package that a piece of the image comes from, pinned by the SHA-256 of its file.
 *
 * @param architecture {@code amd64}, {@code arm64} or {@code all}
 */
record DebianPackage(String name, String version, String architecture, String sha256) {
  /** Those of a list that are for that processor; lines of four words, {@code #} is a remark. */
  static List<DebianPackage> read(Path list, Architecture architecture) throws IOException {
    return Files.readAllLines(list).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(DebianPackage::parse)
        .filter(
            it -> it.architecture().equals("all") || it.architecture().equals(architecture.word))
        .toList();
  }

  private static DebianPackage parse(String line) {
    String[] words = line.split(" +", -1);
    if (words.length != 4 || !words[3].matches("[0-9a-f]{64}")) {
      throw new ImageProblem(
          "a line of the package list must be name, version, architecture, SHA-256: " + line);
    }
    return new DebianPackage(words[0], words[1], words[2], words[3]);
  }
}
