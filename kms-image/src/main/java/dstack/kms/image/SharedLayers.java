package dstack.kms.image;

import dstack.kms.image.OciLayout.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What every variant for one processor has in common, those layers first that change least. */
record SharedLayers(List<Layer> layers, String javaVersion) {
  static SharedLayers build(Inputs inputs, Architecture architecture, OciLayout layout, Path work)
      throws IOException {
    boolean archived = architecture == Architecture.here();
    Map<String, FileTree> trees = trees(inputs, architecture, work, archived);
    if (archived) {
      ClassArchive archive = new ClassArchive(work.resolve("root"), List.copyOf(trees.values()));
      Path made = archive.make(inputs.classList());
      trees.put("archive of classes", new FileTree().file(Places.ARCHIVE, made));
    }
    List<Layer> layers = new ArrayList<>();
    for (Map.Entry<String, FileTree> each : trees.entrySet()) {
      layers.add(layout.addLayer(each.getValue(), each.getKey()));
    }
    return new SharedLayers(List.copyOf(layers), inputs.runtime(architecture).version());
  }

  /**
   * Keeps the classes that the program loads in the file system of the image.
   *
   * @param anvil the program of a local chain
   */
  static void record(Inputs inputs, Architecture architecture, Path work, Path anvil)
      throws IOException {
    List<FileTree> trees = List.copyOf(trees(inputs, architecture, work, false).values());
    Path root = work.resolve("root");
    ClassArchive archive = new ClassArchive(root, trees);
    String library = architecture.libraries() + "/libgcc_s.so.1"; // of this machine, for anvil
    Files.copy(Path.of("/", library), root.resolve(library));
    Files.copy(anvil, root.resolve("usr/local/bin/anvil"));
    archive.record(inputs.classList());
  }

  private static Map<String, FileTree> trees(
      Inputs inputs, Architecture architecture, Path work, boolean archived) throws IOException {
    Folders.delete(work);
    Path folder = Files.createDirectories(work).resolve("runtime");
    Path runtime = inputs.runtime(architecture).link(folder);
    ProgramFiles files = new ProgramFiles(inputs.distribution(), architecture);
    Map<String, FileTree> trees = new LinkedHashMap<>();
    trees.put("C library, certificates, accounts", inputs.debian(architecture).system());
    trees.put("Java runtime", new FileTree().copy(Places.RUNTIME, runtime));
    trees.put("libraries", files.libraries());
    trees.put("program", files.program(archived));
    return trees;
  }
}
