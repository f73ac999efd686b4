package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The enclave's file system that {@code deploy/nitro/build-image} makes is measured as a whole. */
final class NitroFolderTest {
  @TempDir private Path folder;
  private Path distribution;

  @BeforeEach
  void makeInputs() throws Exception {
    distribution = folder.resolve("dist");
    Files.createDirectories(distribution.resolve("lib"));
    Files.createDirectories(distribution.resolve("cache"));
    Files.writeString(distribution.resolve("lib/kms.jar"), "the program");
    Files.createDirectories(folder.resolve("base"));
    Files.writeString(folder.resolve("root-ca.crt"), "a certificate");
    Path jlink = folder.resolve("jdk/bin/jlink");
    Files.createDirectories(jlink.getParent());
    Files.writeString(jlink, "#!/bin/sh\nfor last; do :; done\nmkdir \"$last\"\n");
    Files.setPosixFilePermissions(jlink, PosixFilePermissions.fromString("rwx------"));
  }

  private Path build() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProjectRoot.path().resolve("deploy/nitro/build-image").toString(), "--folder-only")
            .redirectErrorStream(true);
    Path out = folder.resolve("out");
    builder
        .environment()
        .putAll(
            Map.of(
                "KMS_URL", "https://kms.example:12001",
                "APP_ID", "11".repeat(20),
                "ROOT_CA", folder.resolve("root-ca.crt").toString(),
                "BASE", folder.resolve("base").toString(),
                "JDK", folder.resolve("jdk").toString(),
                "KMS_DIST", distribution.toString(),
                "OUT", out.toString()));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return out;
  }

  @Test
  void theSameProgramIsTheSameEnclaveWhateverOneRunOfItLeftInTheDistribution() throws Exception {
    Files.writeString(distribution.resolve("cache/kms.jsa"), "one recording");
    Files.writeString(distribution.resolve(".built"), "one commit");
    byte[] first = Files.readAllBytes(build().resolve("rootfs.tar"));

    Files.writeString(distribution.resolve("cache/kms.jsa"), "another recording");
    Files.writeString(distribution.resolve(".built"), "another commit");
    Path out = build();
    assertThat(Files.readAllBytes(out.resolve("rootfs.tar"))).isEqualTo(first);
    assertThat(out.resolve("rootfs/opt/kms/lib/kms.jar")).hasContent("the program");
    assertThat(out.resolve("rootfs/opt/kms/cache")).doesNotExist();
  }
}
