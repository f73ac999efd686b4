package dstack.kms.client.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.fetch.Fetched;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.Node;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Specification 03 §4 and §7, with the vectors and with other people's packages. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuestKeysTest {
  private static final String ENCRYPT =
      """
      import { encryptEnvVars } from '@phala/dstack-sdk/encrypt-env-vars';
      const [publicKey, value] = process.argv.slice(1);
      console.log(await encryptEnvVars([{ key: 'GREETING', value }], publicKey));
      """;
  private static final String DERIVE =
      """
      import { hkdfSync } from 'node:crypto';
      import { ed25519 } from '@noble/curves/ed25519';
      import { p256 } from '@noble/curves/p256';
      import { secp256k1 } from '@noble/curves/secp256k1';
      import { keccak_256 } from '@noble/hashes/sha3';
      const [app, path, purpose, signature] = process.argv.slice(1);
      const key = Buffer.from(hkdfSync('sha256', Buffer.from(app, 'hex'), 'RATLS', path, 32));
      const publicKey = Buffer.from(ed25519.getPublicKey(key)).toString('hex');
      const signer = secp256k1.Signature.fromCompact(signature.slice(0, 128))
        .addRecoveryBit(parseInt(signature.slice(128), 16))
        .recoverPublicKey(keccak_256(Buffer.from(`${purpose}:${publicKey}`))).toHex(true);
      const expected = secp256k1.getPublicKey(Buffer.from(app, 'hex'), true);
      console.log([key.toString('hex'), publicKey,
        signer === Buffer.from(expected).toString('hex'),
        Buffer.from(p256.getPublicKey(key, false)).toString('hex')].join(' '));
      """;

  private JsonNode vectors;
  private TestKms kms;
  private Fetched fetched;

  @BeforeAll
  void fetch(@TempDir Path shared) {
    TlsDefaults.apply();
    vectors = Vectors.json("keys.json").at("/roots/0/apps/0");
    TestPlatform platform = new TestPlatform(shared);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
    fetched = new Enclave(platform).trustingRoot(kms.rootCa()).fetch(kms.url());
  }

  @AfterAll
  void close() {
    fetched.close();
    kms.close();
  }

  private static String hex(Secret secret) {
    return secret.expose(raw -> Bytes.of(raw).hex());
  }

  private SubKeys keys() {
    return new SubKeys(fetched.keys());
  }

  @Test
  void derivesTheSecp256k1KeyAndTheChainOfTheVectors() {
    JsonNode expected = vectors.get("guest_get_key");
    try (SubKey key =
        keys()
            .secp256k1(
                expected.get("path_utf8").asString(), expected.get("purpose_utf8").asString())) {
      assertThat(hex(key.key())).isEqualTo(expected.get("key").asString());
      assertThat(key.publicKey().hex()).isEqualTo(expected.get("public_key_compressed").asString());
      assertThat(key.chain().stream().map(each -> each.value().hex()))
          .containsExactly(
              expected.at("/signature_chain/0").asString(),
              expected.at("/signature_chain/1").asString());
    }
  }

  @Test
  void derivesEd25519AndP256KeysAsAnotherImplementationDoes() {
    try (SubKey ed = keys().ed25519("ssh/host", "login");
        P256PrivateKey old = keys().p256("ssh/host");
        Secret app = fetched.keys().k256Key().scalar()) {
      assertThat(
              Node.run(DERIVE, hex(app), "ssh/host", "login", ed.chain().getFirst().value().hex()))
          .isEqualTo(hex(ed.key()) + " " + ed.publicKey() + " true " + old.publicKey().point());
      assertThat(ed.chain().getLast()).isEqualTo(fetched.keys().k256Signature());
    }
  }

  @Test
  void derivesAnotherKeyForEachPathAndTheSameForEachPurpose() {
    try (SubKey one = keys().secp256k1("a", "x");
        SubKey same = keys().secp256k1("a", "y");
        SubKey other = keys().secp256k1("b", "x")) {
      assertThat(hex(same.key())).isEqualTo(hex(one.key()));
      assertThat(same.chain()).isNotEqualTo(one.chain());
      assertThat(hex(other.key())).isNotEqualTo(hex(one.key()));
    }
  }

  @Test
  void opensWhatThePublishedPackageEncrypts() {
    Bytes publicKey = X25519.publicKey(fetched.keys().envCryptKey());
    Bytes blob =
        Bytes.fromHex(
            Node.run(ENCRYPT, publicKey.hex(), "only for the enclave").replaceFirst("^0x", ""));
    assertThat(open(blob, fetched.keys().envCryptKey()))
        .isEqualTo("{\"env\":[{\"key\":\"GREETING\",\"value\":\"only for the enclave\"}]}");
  }

  @Test
  void opensTheVectors() {
    JsonNode own = vectors.get("env_encrypt");
    assertThat(open(Bytes.fromHex(own.get("blob").asString()), fetched.keys().envCryptKey()))
        .isEqualTo(own.get("plaintext_utf8").asString());
    JsonNode upstream = Vectors.json("keys.json").get("upstream_env_decrypt");
    try (Secret key =
        Secret.takeOver(Bytes.fromHex(upstream.get("env_crypt_key").asString()).toArray())) {
      assertThat(open(Bytes.fromHex(upstream.get("ciphertext").asString()), key))
          .isEqualTo(upstream.get("plaintext_utf8").asString());
    }
  }

  @Test
  void opensNothingThatWasChangedOrIsForAnotherKey() {
    byte[] blob = Bytes.fromHex(vectors.at("/env_encrypt/blob").asString()).toArray();
    for (int at = 0; at < blob.length; at++) {
      blob[at] ^= 1;
      refuses(Bytes.of(blob), fetched.keys().envCryptKey());
      blob[at] ^= 1;
    }
    for (int length : new int[] {0, 31, 32, 44, 59, blob.length - 1}) {
      refuses(Bytes.of(blob, 0, length), fetched.keys().envCryptKey());
    }
    refuses(Bytes.of(blob), fetched.keys().diskCryptKey());
    byte[] smallOrder = blob.clone();
    java.util.Arrays.fill(smallOrder, 0, 32, (byte) 0);
    refuses(Bytes.of(smallOrder), fetched.keys().envCryptKey());
  }

  private static String open(Bytes blob, Secret key) {
    try (Secret plain = new EncryptedEnvironment(blob).open(key)) {
      return plain.expose(raw -> Bytes.of(raw).utf8Text());
    }
  }

  private static void refuses(Bytes blob, Secret key) {
    assertThatThrownBy(() -> new EncryptedEnvironment(blob).open(key))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(FetchRefusal.ENVIRONMENT));
  }
}
