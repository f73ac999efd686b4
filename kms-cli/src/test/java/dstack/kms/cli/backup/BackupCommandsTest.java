package dstack.kms.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kms backup create}, {@code show} and {@code check} on a key store of this machine. */
final class BackupCommandsTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;
  private Path configuration;

  @BeforeEach
  void store() throws Exception {
    makeKeys();
    configuration =
        Files.writeString(
            folder.resolve("kms.toml"),
            "[core]\ncert_dir = \""
                + folder.resolve("keys")
                + "\"\n[core.backup]\nholders = [\""
                + keygen("a.txt")
                + "\", \""
                + keygen("b.txt")
                + "\"]\n");
  }

  @Test
  void writesAPrivateFileForEachHolderWhichThatHolderCanOpen() throws IOException {
    Run run = create();
    assertThat(run.status()).as(run.err()).isZero();
    List<Path> files = files();
    assertThat(files).hasSize(2);
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Run.of("backup", "show", file.toString()).out())
          .isEqualTo(run.out().substring(0, run.out().indexOf("wrote")));
    }
    assertThat(check(files.getFirst(), "a.txt").status()).isZero();
    assertThat(check(files.getLast(), "b.txt").out()).startsWith("share 2 of set ");
  }

  @Test
  void refusesToCheckWithAnotherHoldersKey() throws IOException {
    assertThat(create().status()).isZero();
    assertThat(check(files().getFirst(), "b.txt").status()).isEqualTo(1);
  }

  @Test
  void refusesHoldersThatTheConfigurationDoesNotName() throws Exception {
    String thief = keygen("thief.txt");
    for (List<String> more :
        List.of(
            List.of("--holder", thief, "--holder", keygen("second.txt")),
            List.of("--set", "core.backup.holders=" + thief + "," + keygen("third.txt")))) {
      Run run = create(more.toArray(String[]::new));
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .contains("who can restore the root keys is not said by the configuration file");
    }
    assertThat(folder.resolve("backup")).doesNotExist();
  }

  @Test
  void refusesToWriteWhereNobodyMayHoldShares() throws IOException {
    Files.writeString(
        configuration, Files.readString(configuration).replaceFirst("holders = .*", ""));
    Run run = create("--json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"code\":\"backup-no-holders\"");
  }

  private Run create(String... more) {
    return Run.of(
        Stream.concat(
                Stream.of(
                    "backup",
                    "create",
                    "-c",
                    configuration.toString(),
                    "--out",
                    folder.resolve("backup").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Run check(Path file, String identity) {
    return Run.of(
        "backup", "check", file.toString(), "--identity", folder.resolve(identity).toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backup"))) {
      return files.sorted().toList();
    }
  }

  private String keygen(String name) throws IOException, InterruptedException {
    String program = Tool.require("age-keygen").toString();
    String file = folder.resolve(name).toString();
    assertThat(new ProcessBuilder(program, "-o", file).start().waitFor()).isZero();
    Process shown = new ProcessBuilder(program, "-y", file).start();
    return new String(shown.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }

  private void makeKeys() {
    Certificates certificates = new Certificates(InstantSource.system());
    try (P256PrivateKey root = P256PrivateKey.generate(RANDOM);
        P256PrivateKey temp = P256PrivateKey.generate(RANDOM);
        P256PrivateKey rpc = P256PrivateKey.generate(RANDOM);
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(RANDOM)) {
      CertificateAuthority ca = certificates.rootCa(root);
      KeySet keys = new KeySet(root.pkcs8Pem(), temp.pkcs8Pem(), rpc.pkcs8Pem(), k256.scalar());
      CertificateSet set =
          new CertificateSet(
              ca.pem(),
              certificates.tempCa(temp).pem(),
              certificates.rpc(ca, rpc.publicKey(), "localhost", Optional.empty()));
      try (KeyMaterial material = new KeyMaterial(keys, set, "localhost", Optional.empty())) {
        KeyStore.open(folder.resolve("keys")).create(material, SetUp.BOOTSTRAP);
      }
    }
  }
}
