package dstack.kms.client.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.fetch.Fetched;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file that programs of enclaves read: the same bytes as the original's, and never a half. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AppKeysFileTest {
  /** What serde_json and JSON.stringify have in common is the whole format of this file. */
  private static final String CANONICAL =
      """
      import { readFileSync } from 'node:fs';
      import { X509Certificate } from 'node:crypto';
      import assert from 'node:assert/strict';
      const text = readFileSync(process.argv[1], 'utf8');
      const keys = JSON.parse(text);
      assert.equal(text, JSON.stringify(keys, null, 2));
      assert.deepEqual(Object.keys(keys), ['disk_crypt_key', 'env_crypt_key', 'k256_key',
        'k256_signature', 'gateway_app_id', 'ca_cert', 'key_provider']);
      assert.deepEqual(Object.keys(keys.key_provider), ['Kms']);
      const kms = keys.key_provider.Kms;
      assert.deepEqual(Object.keys(kms), ['url', 'pubkey', 'tmp_ca_key', 'tmp_ca_cert']);
      for (const name of ['disk_crypt_key', 'env_crypt_key', 'k256_key'])
        assert.match(keys[name], /^[0-9a-f]{64}$/);
      assert.match(keys.k256_signature, /^[0-9a-f]{130}$/);
      const root = new X509Certificate(keys.ca_cert);
      const spki = root.publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
      assert.equal(kms.pubkey, spki);
      assert(new X509Certificate(kms.tmp_ca_cert).subject.includes('Dstack Client Temp CA'));
      assert.match(kms.tmp_ca_key, /^-----BEGIN PRIVATE KEY-----\\n/);
      console.log(kms.url);
      """;

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;
  private TestKms kms;
  private Fetched fetched;

  @BeforeAll
  void fetch(@TempDir Path shared) {
    TlsDefaults.apply();
    TestPlatform platform = new TestPlatform(shared);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
    fetched = new Enclave(platform).trustingRoot(kms.rootCa()).fetch(kms.url());
  }

  @AfterAll
  void close() {
    fetched.close();
    kms.close();
  }

  @Test
  void hasTheMembersTheOrderAndTheSpacesOfTheOriginal() {
    Path file = folder.resolve("app_keys.json");
    AppKeysFile.write(fetched.keys(), file, RANDOM);
    assertThat(Node.run(CANONICAL, file.toString())).isEqualTo(kms.url() + "/prpc");
  }

  @Test
  void isReadableByItsOwnerAloneAndLeavesNothingBesideIt() throws IOException {
    Path file = folder.resolve("keys.json");
    AppKeysFile.write(fetched.keys(), file, RANDOM);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(
              all.map(Path::getFileName).map(Path::toString).filter(n -> n.contains("keys.json")))
          .isEqualTo(List.of("keys.json").stream().toList());
    }
  }

  @Test
  void replacesAnOpenFileAndALinkWithoutWritingThroughThem() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "untouched");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), elsewhere);
    AppKeysFile.write(fetched.keys(), link, RANDOM);
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(Files.readString(elsewhere)).isEqualTo("untouched");

    Path wide = Files.writeString(folder.resolve("wide.json"), "old");
    Files.setPosixFilePermissions(wide, PosixFilePermissions.fromString("rw-rw-rw-"));
    AppKeysFile.write(fetched.keys(), wide, RANDOM);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(wide)))
        .isEqualTo("rw-------");
  }

  @Test
  void leavesWhatWasThereIfItCannotWrite() throws IOException {
    Path missing = folder.resolve("missing/app_keys.json");
    assertThatThrownBy(() -> AppKeysFile.write(fetched.keys(), missing, RANDOM))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(FetchRefusal.OUTPUT));
    Path directory = Files.createDirectory(folder.resolve("directory"));
    Files.writeString(directory.resolve("inside"), "kept");
    assertThatThrownBy(() -> AppKeysFile.write(fetched.keys(), directory, RANDOM))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(FetchRefusal.OUTPUT));
    assertThat(directory.resolve("inside")).hasContent("kept");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(each -> each.toString().endsWith(".tmp"))).isEmpty();
    }
  }
}
