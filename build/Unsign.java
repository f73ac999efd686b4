import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Checks the signatures of the jars in a folder one last time and takes them off: {@code java
 * build/Unsign.java FOLDER}.
 *
 * <p>A virtual machine keeps no class of a signed jar in a class archive, reads the digests of all
 * its classes at the first one and hashes each as it is loaded: of Bouncy Castle, 1.6 MB of text and
 * thousands of maps on the heap. It holds the signature to no anchor, so whoever can change the jar
 * can take it off as well. What vouches for the files is the digest of the image, or of the package.
 */
final class Unsign {
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: java build/Unsign.java FOLDER");
      System.exit(2);
    }
    List<Path> jars;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path jar : jars) {
      if (isSigned(jar)) {
        unsign(jar);
      }
    }
  }

  private static boolean isSigned(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      return file.stream().anyMatch(Unsign::isOfTheSignature);
    }
  }

  private static boolean isOfTheSignature(ZipEntry entry) {
    String name = entry.getName().toUpperCase(Locale.ROOT);
    return name.matches("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]*)");
  }

  private static void unsign(Path jar) throws IOException {
    FileTime time = Files.getLastModifiedTime(jar);
    Path made = Files.createTempFile(jar.getParent(), "unsigned", ".tmp");
    try (JarFile from = new JarFile(jar.toFile(), true);
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(made))) {
      write(to, new ZipEntry(JarFile.MANIFEST_NAME), manifest(from));
      for (JarEntry entry : Collections.list(from.entries())) {
        if (!isOfTheSignature(entry) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          byte[] content = content(from, entry);
          requireSigned(jar, entry, content);
          write(to, new ZipEntry(entry.getName()), content);
        }
      }
    }
    Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(jar));
    Files.setLastModifiedTime(made, time);
    Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The main attributes; the sections of single entries hold nothing but their digests. */
  private static byte[] manifest(JarFile jar) throws IOException {
    Manifest manifest = new Manifest(jar.getManifest());
    manifest.getEntries().clear();
    var bytes = new java.io.ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  /** Reading an entry to its end checks its digest, and that of the digest. */
  private static byte[] content(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static void requireSigned(Path jar, JarEntry entry, byte[] content) throws IOException {
    boolean signed = entry.getCodeSigners() != null && entry.getCodeSigners().length > 0;
    if (content.length > 0 && !signed) {
      throw new IOException(jar + ": " + entry.getName() + " is not signed as the others are");
    }
  }

  private static void write(ZipOutputStream to, ZipEntry entry, byte[] content) throws IOException {
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 2, 1, 0, 0));
    to.putNextEntry(entry);
    ((OutputStream) to).write(content);
    to.closeEntry();
  }
}
