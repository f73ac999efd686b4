package dstack.kms.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of jars are checked before they are taken off. */
final class UnsignedJarsProcessTest {
  private static final String CLASS = "org/bouncycastle/cert/X509CertificateHolder.class";

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void copyASignedJar() throws IOException, URISyntaxException {
    Path published =
        Path.of(
            X509CertificateHolder.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    jar = Files.copy(published, folder.resolve("signed.jar"));
    assertThat(isSigned(jar)).isTrue();
  }

  @Test
  void everyJarOfTheDistributionIsWithoutSignature() throws IOException {
    try (Stream<Path> files = Files.list(Distribution.FOLDER.resolve("lib"))) {
      assertThat(files).isNotEmpty().noneMatch(UnsignedJarsProcessTest::isSigned);
    }
  }

  @Test
  void theClassesStayAsTheyWere() throws Exception {
    byte[] before = content(CLASS);
    String release;
    try (JarFile file = new JarFile(jar.toFile())) {
      release = file.getManifest().getMainAttributes().getValue("Multi-Release");
    }

    assertThat(unsign()).isEmpty();

    assertThat(isSigned(jar)).isFalse();
    assertThat(content(CLASS)).isEqualTo(before);
    try (JarFile file = new JarFile(jar.toFile())) {
      assertThat(file.getManifest().getEntries()).isEmpty();
      assertThat(file.getManifest().getMainAttributes().getValue("Multi-Release"))
          .isEqualTo(release)
          .isEqualTo("true");
    }
  }

  @Test
  void aChangedClassEndsTheBuild() throws Exception {
    byte[] changed = content(CLASS);
    changed[changed.length - 1] ^= 1;
    write(CLASS, changed);

    assertThat(unsign()).contains("SecurityException").contains("X509CertificateHolder");
    assertThat(isSigned(jar)).isTrue();
  }

  @Test
  void anAddedClassEndsTheBuild() throws Exception {
    write("org/bouncycastle/cert/Added.class", content(CLASS));

    assertThat(unsign()).contains("org/bouncycastle/cert/Added.class is not signed");
    assertThat(isSigned(jar)).isTrue();
  }

  @Test
  void aSignatureThatIsNoneEndsTheBuild() throws Exception {
    String block;
    try (JarFile file = new JarFile(jar.toFile())) {
      block =
          file.stream()
              .map(each -> each.getName())
              .filter(n -> n.endsWith(".RSA"))
              .findFirst()
              .orElseThrow();
    }
    byte[] damaged = content(block);
    Arrays.fill(damaged, damaged.length - 64, damaged.length, (byte) 0);
    write(block, damaged);

    assertThat(unsign()).isNotEmpty();
    assertThat(isSigned(jar)).isTrue();
  }

  private static boolean isSigned(Path jar) {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      return file.stream().anyMatch(entry -> entry.getName().matches("META-INF/.*\\.(SF|RSA)"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private byte[] content(String name) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      return Files.readAllBytes(zip.getPath(name));
    }
  }

  private void write(String name, byte[] content) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of())) {
      Files.write(zip.getPath(name), content);
    }
  }

  /** What the program says; nothing if it ended well. */
  private String unsign() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    ProjectRoot.path().resolve("build/Unsign.java").toString(),
                    folder.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? said : said + "failed";
  }
}
