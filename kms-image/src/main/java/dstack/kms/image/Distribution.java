package dstack.kms.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The built program: its jars in the order of the class path, and the native libraries in them.
 *
 * @param folder {@code kms-cli/target/dist}
 * @param natives where jars of other processors lie than the one that {@code folder} was built for
 */
record Distribution(Path folder, Path natives) {
  private static final String BUILT_FOR = Architecture.AMD64.classifier;

  /** The jars for a processor, {@code kms.jar} first. */
  List<Path> jars(Architecture architecture) throws IOException {
    Path lib = folder.resolve("lib");
    Path program = lib.resolve("kms.jar");
    if (!Files.isRegularFile(program)) {
      throw new ImageProblem("no distribution in " + folder + ": build it first");
    }
    List<Path> jars = new ArrayList<>(List.of(program));
    try (JarFile jar = new JarFile(program.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      for (String name : manifest.getValue(Attributes.Name.CLASS_PATH).split(" ", -1)) {
        jars.add(placeOf(lib.resolve(name), architecture));
      }
    }
    return List.copyOf(jars);
  }

  /** The options of the Java virtual machine that every start uses. */
  String options() throws IOException {
    return Files.readString(folder.resolve("bin/jvm.args"));
  }

  /** The native libraries by file name; each is one of that processor. */
  SortedMap<String, byte[]> libraries(Architecture architecture) throws IOException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Path jar : jars(architecture)) {
      String name = jar.getFileName().toString();
      if (name.contains(architecture.classifier)) {
        collect(jar, "", architecture, found);
      } else if (name.startsWith("jna-")) {
        collect(jar, "com/sun/jna/" + architecture.jnaFolder + "/", architecture, found);
      }
    }
    return found;
  }

  private Path placeOf(Path jar, Architecture architecture) {
    String name = jar.getFileName().toString();
    if (!name.contains(BUILT_FOR) || architecture.classifier.equals(BUILT_FOR)) {
      return jar;
    }
    Path other = natives.resolve(name.replace(BUILT_FOR, architecture.classifier));
    if (!Files.isRegularFile(other)) {
      throw new ImageProblem("the jar " + other.getFileName() + " is not in " + natives);
    }
    return other;
  }

  private static void collect(
      Path jar, String folder, Architecture architecture, SortedMap<String, byte[]> found)
      throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        if (entry.getName().startsWith(folder) && entry.getName().endsWith(".so")) {
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          try (InputStream in = zip.getInputStream(entry)) {
            byte[] library = in.readAllBytes();
            Elf.parse(library, name).require(architecture, name);
            found.put(name, library);
          }
        }
      }
    }
  }
}
