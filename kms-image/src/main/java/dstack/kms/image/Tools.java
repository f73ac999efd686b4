package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Programs that are given to the build for the variant with a shell: helios, curl, jq. */
final class Tools {
  private Tools() {}

  /** Adds each, once it is certain that it can run there: for that processor and static. */
  static FileTree add(FileTree tree, Map<String, Path> tools, Architecture architecture)
      throws IOException {
    for (Map.Entry<String, Path> each : tools.entrySet()) {
      Path file = each.getValue();
      if (!Files.isRegularFile(file)) {
        throw new ImageProblem("no program " + file + " for " + Places.absolute(each.getKey()));
      }
      String name = file.toString();
      Elf elf = Elf.parse(Files.readAllBytes(file), name).require(architecture, name);
      if (elf.dynamic()) {
        throw new ImageProblem(
            name + " needs shared libraries that the image does not have: give a static program");
      }
      tree.program(each.getKey(), file);
    }
    return tree;
  }
}
