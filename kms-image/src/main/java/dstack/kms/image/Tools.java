package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that are given to the build for the variant with a shell: helios, curl, jq. */
final class Tools {
  private Tools() {}

  /** Adds of each place the one for that processor, once it is certain that it can run there. */
  static FileTree add(FileTree tree, Map<String, List<Path>> tools, Architecture architecture)
      throws IOException {
    for (Map.Entry<String, List<Path>> each : tools.entrySet()) {
      tree.program(each.getKey(), choose(each.getKey(), each.getValue(), architecture));
    }
    return tree;
  }

  private static Path choose(String place, List<Path> files, Architecture architecture)
      throws IOException {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new ImageProblem("no program " + file + " for " + Places.absolute(place));
      }
      Elf elf = Elf.parse(Files.readAllBytes(file), file.toString());
      if (elf.machine() == architecture.elfMachine) {
        return requireStatic(file, elf);
      }
    }
    throw new ImageProblem(
        files + " is not for " + architecture.word + ": give one for each processor");
  }

  private static Path requireStatic(Path file, Elf elf) {
    if (elf.dynamic()) {
      throw new ImageProblem(
          file + " needs shared libraries that the image does not have: give a static program");
    }
    return file;
  }
}
