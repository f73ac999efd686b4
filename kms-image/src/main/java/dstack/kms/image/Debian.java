package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the image takes from Debian: the C library that the JVM and the native libraries are linked
 * with, the certificates of public authorities, and for the variant with a shell a static busybox.
 *
 * @param folder the unpacked packages, each in a folder of its name
 */
record Debian(Path folder, Architecture architecture) {
  private static final List<String> LIBRARIES =
      List.of(
          "libc.so.6",
          "libdl.so.2",
          "libm.so.6",
          "libnss_dns.so.2",
          "libnss_files.so.2",
          "libpthread.so.0",
          "libresolv.so.2",
          "librt.so.1");

  /** The system that a Java runtime needs, and the folders that are there from the start. */
  FileTree system() throws IOException {
    FileTree tree = new FileTree();
    library(tree, architecture.loader.substring(architecture.loader.lastIndexOf('/') + 1));
    for (String name : LIBRARIES) {
      library(tree, name);
    }
    tree.text(Places.CERTIFICATES, certificates());
    for (String name : List.of("libc6", "ca-certificates")) {
      tree.file("usr/share/doc/" + name + "/copyright", copyright(name));
    }
    for (String name : List.of("dev", "etc/kms", "proc", "sys", "var/run")) {
      tree.directory(name, 0755, 0);
    }
    return accounts(tree).directory("tmp", 01777, 0).directory("kms", 0700, Places.USER);
  }

  /** A shell and the commands of the published guide's compose files. */
  FileTree shell() throws IOException {
    Path busybox = require("busybox-static/bin/busybox");
    FileTree tree = new FileTree().program("bin/busybox", busybox);
    for (String name : List.of("cat", "mkdir", "sh")) {
      tree.link("bin/" + name, "busybox");
    }
    return tree.file("usr/share/doc/busybox-static/copyright", copyright("busybox-static"));
  }

  private void library(FileTree tree, String name) throws IOException {
    Path file = require("libc6/" + architecture.libraries() + "/" + name);
    Elf.parse(Files.readAllBytes(file), name).require(architecture, name);
    String place = architecture.libraries() + "/" + name;
    tree.program(place, file);
    if (architecture.loader.endsWith(name)) {
      tree.link(architecture.loader, Places.absolute(place));
    }
  }

  private static FileTree accounts(FileTree tree) {
    int user = Places.USER;
    return tree.text(
            "etc/passwd",
            "root:x:0:0:root:/:/sbin/nologin\n"
                + "kms:x:"
                + user
                + ":"
                + user
                + ":kms:/:/sbin/nologin\n")
        .text("etc/group", "root:x:0:\nkms:x:" + user + ":\n")
        .text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
  }

  private String certificates() throws IOException {
    StringBuilder all = new StringBuilder();
    Path folder = require("ca-certificates/usr/share/ca-certificates/mozilla");
    try (Stream<Path> found = Files.list(folder)) {
      for (Path each : (Iterable<Path>) found.sorted()::iterator) {
        all.append(Files.readString(each).strip()).append('\n');
      }
    }
    return all.toString();
  }

  private Path copyright(String name) {
    return require(name + "/usr/share/doc/" + name + "/copyright");
  }

  private Path require(String path) {
    Path file = folder.resolve(path);
    if (!Files.exists(file)) {
      throw new ImageProblem("the unpacked Debian packages in " + folder + " lack " + path);
    }
    return file;
  }
}
