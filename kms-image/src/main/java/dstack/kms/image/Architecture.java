package dstack.kms.image;

import java.util.Arrays;

/** A processor that images are made for, under each of the names it has elsewhere. */
enum Architecture {
  AMD64("amd64", "x86_64", "linux-x86_64", "linux-x86-64", 62, "lib64/ld-linux-x86-64.so.2"),
  ARM64("arm64", "aarch64", "linux-aarch_64", "linux-aarch64", 183, "lib/ld-linux-aarch64.so.1");

  /** The name in OCI and in Debian. */
  final String word;

  /** The name in a JDK's {@code release} file and in Debian's library folder. */
  final String machine;

  /** The classifier of jars with native libraries. */
  final String classifier;

  /** The folder of its library in JNA's jar. */
  final String jnaFolder;

  /** The number of the processor in an ELF header. */
  final int elfMachine;

  /** Where programs expect the dynamic loader. */
  final String loader;

  Architecture(
      String word,
      String machine,
      String classifier,
      String jnaFolder,
      int elfMachine,
      String loader) {
    this.word = word;
    this.machine = machine;
    this.classifier = classifier;
    this.jnaFolder = jnaFolder;
    this.elfMachine = elfMachine;
    this.loader = loader;
  }

  static Architecture ofWord(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new ImageProblem("no architecture " + word + ": amd64 or arm64"));
  }

  /** The processor of this machine. */
  static Architecture here() {
    String name = System.getProperty("os.arch", "");
    return name.equals("aarch64") ? ARM64 : AMD64;
  }

  /** Debian's folder of shared libraries. */
  String libraries() {
    return "lib/" + machine + "-linux-gnu";
  }
}
