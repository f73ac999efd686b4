package dstack.kms.onboard.backup.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.testing.Age;
import dstack.kms.onboard.testing.Openssl;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holders' keys and seals against age, openssl and another implementation of HPKE. */
class HolderToolsTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String HPKE =
      """
      import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, DhkemX25519HkdfSha256, HkdfSha256 }
        from '@hpke/core';
      const [what, kem, key, info, aad, content] = process.argv.slice(1);
      const bytes = hex => new Uint8Array(Buffer.from(hex, 'hex'));
      const suite = new CipherSuite({
        kem: kem === 'p256' ? new DhkemP256HkdfSha256() : new DhkemX25519HkdfSha256(),
        kdf: new HkdfSha256(), aead: new Aes256Gcm() });
      const hex = buffer => Buffer.from(buffer).toString('hex');
      if (what === 'seal') {
        const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(key));
        const sender = await suite.createSenderContext({ recipientPublicKey, info: bytes(info) });
        const sealed = await sender.seal(bytes(content), bytes(aad));
        console.log(hex(sender.enc) + hex(sealed));
      } else {
        const recipientKey = await suite.kem.deserializePrivateKey(bytes(key));
        const all = bytes(content), length = kem === 'p256' ? 65 : 32;
        const recipient = await suite.createRecipientContext(
          { recipientKey, enc: all.slice(0, length), info: bytes(info) });
        console.log(hex(await recipient.open(all.slice(length), bytes(aad))));
      }
      """;

  @TempDir Path folder;

  @Test
  void ageOpensWhatWeSealToItsKey() {
    Path identity = folder.resolve("key.txt");
    HolderKey holder = HolderKey.read(Age.keygen(identity));
    ShareFile file = sealedTo(holder);
    String text = file.encode().utf8Text();
    byte[] block =
        text.substring(text.indexOf("-----BEGIN AGE")).getBytes(StandardCharsets.US_ASCII);
    Bytes content = Bytes.of(Age.run(block, "-d", "-i", identity.toString()));
    assertThat(content.slice(34, 66)).isEqualTo(file.setDigest());
    try (Secret share = Secret.takeOver(content.slice(2, 34).toArray())) {
      assertThat(OpenedShare.commitment(file.manifest().setId(), 1, share))
          .isEqualTo(file.holder().commitment());
    }
  }

  @Test
  void weOpenWhatAgeSeals() {
    Path identity = folder.resolve("key.txt");
    String recipient = Age.keygen(identity);
    byte[] sealed =
        Age.run("sixteen and more".getBytes(StandardCharsets.US_ASCII), "-r", recipient);
    try (Secret key = SampleSet.file(identity);
        HolderIdentity holder = HolderIdentity.read(key);
        Secret opened =
            AgeSealing.open(((HolderIdentity.X25519Identity) holder).key(), Bytes.of(sealed))) {
      assertThat(SampleSet.raw(opened).utf8Text()).isEqualTo("sixteen and more");
    }
  }

  @Test
  void anX25519KeyInPemIsTheSameHolderAsItsAgeRecipient() throws IOException {
    Path pem = folder.resolve("x.key");
    Path publicPem = folder.resolve("x.pub");
    Openssl.run("genpkey", "-algorithm", "X25519", "-out", pem.toString());
    Openssl.run("pkey", "-in", pem.toString(), "-pubout", "-out", publicPem.toString());
    HolderKey holder = HolderKey.read(publicPem.toString());
    String recipient = ((HolderKey.X25519) holder).recipient();
    assertThat(recipient).startsWith("age1");
    assertThat(HolderKey.read(recipient).fingerprint()).isEqualTo(holder.fingerprint());
    try (Secret key = SampleSet.file(pem);
        HolderIdentity identity = HolderIdentity.read(key);
        OpenedShare share = identity.open(sealedTo(holder))) {
      assertThat(identity.publicKey()).isEqualTo(holder);
      assertThat(share.file().index()).isEqualTo(1);
    }
  }

  @Test
  void aP256KeyOfOpensslOpensItsShare() throws IOException {
    Path pem = folder.resolve("p.key");
    Path publicPem = folder.resolve("p.pub");
    Openssl.run(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        pem.toString());
    Openssl.run("pkey", "-in", pem.toString(), "-pubout", "-out", publicPem.toString());
    HolderKey holder = HolderKey.read(publicPem.toString());
    try (Secret key = SampleSet.file(pem);
        HolderIdentity identity = HolderIdentity.read(key);
        OpenedShare share = identity.open(sealedTo(holder))) {
      assertThat(share.file().holder().fingerprint()).isEqualTo(holder.fingerprint());
    }
  }

  @Test
  void anotherImplementationOfHpkeOpensWhatWeSealAndTheOtherWayRound() {
    Hpke.Binding binding = new Hpke.Binding(Bytes.utf8("info"), Bytes.utf8("additional"));
    Bytes content = Bytes.utf8("what nobody else may read");
    try (P256PrivateKey key = P256PrivateKey.generate(RANDOM);
        Secret scalar = key.scalar();
        Secret secret = Secret.takeOver(content.toArray())) {
      Bytes sealed = HpkeSealing.toP256(key.publicKey(), binding, secret);
      assertThat(hpke("open", "p256", SampleSet.raw(scalar), binding, sealed)).isEqualTo(content);
      Bytes theirs = hpke("seal", "p256", key.publicKey().point(), binding, content);
      assertThat(SampleSet.raw(HpkeSealing.withP256(key, binding, theirs))).isEqualTo(content);
    }
    try (Secret key = Secret.generate(32, RANDOM);
        Secret secret = Secret.takeOver(content.toArray())) {
      Bytes publicKey = X25519.publicKey(key);
      Bytes sealed = HpkeSealing.toX25519(publicKey, binding, secret);
      assertThat(hpke("open", "x25519", SampleSet.raw(key), binding, sealed)).isEqualTo(content);
      Bytes theirs = hpke("seal", "x25519", publicKey, binding, content);
      assertThat(SampleSet.raw(HpkeSealing.withX25519(key, binding, theirs))).isEqualTo(content);
    }
  }

  @Test
  void refusesKeysOfOtherKinds() throws IOException {
    Path rsa = folder.resolve("rsa.pub");
    Path p384 = folder.resolve("p384.pub");
    Path key = folder.resolve("any.key");
    Openssl.run("genpkey", "-algorithm", "RSA", "-out", key.toString());
    Openssl.run("pkey", "-in", key.toString(), "-pubout", "-out", rsa.toString());
    refuses(rsa.toString());
    refusesIdentity(Files.readString(key));
    Openssl.run(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-out",
        key.toString());
    Openssl.run("pkey", "-in", key.toString(), "-pubout", "-out", p384.toString());
    refuses(p384.toString());
    refusesIdentity(Files.readString(key));
    refuses(key.toString());
    refuses(folder.resolve("missing.pub").toString());
    refuses("age1qqqq");
    refuses("ssh-ed25519 AAAA");
    String recipient = Age.keygen(folder.resolve("key.txt"));
    char last = recipient.charAt(recipient.length() - 1);
    refuses(recipient.substring(0, recipient.length() - 1) + (last == 'q' ? 'p' : 'q'));
    refusesIdentity("");
    refusesIdentity("# only a remark\n");
    refusesIdentity("AGE-SECRET-KEY-1QQQQ\n");
    refusesIdentity(recipient + "\n");
    String identity = Files.readString(folder.resolve("key.txt"));
    refusesIdentity(identity + identity);
  }

  @Test
  void refusesAnX25519KeyWithoutASharedSecret() {
    // The point of order 1: everybody's shared secret with it is zero.
    HolderKey holder = new HolderKey.X25519(Bytes.zeros(32));
    assertThatThrownBy(() -> sealedTo(holder))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(ShareRefusal.HOLDER_KEY));
  }

  private static Bytes hpke(
      String what, String kem, Bytes key, Hpke.Binding binding, Bytes content) {
    return Bytes.fromHex(
        Node.run(
            HPKE, what, kem, key.hex(), binding.info().hex(), binding.data().hex(), content.hex()));
  }

  private static ShareFile sealedTo(HolderKey holder) {
    try (RootSecrets keys = SampleSet.keys();
        HolderIdentity other = SampleSet.p256()) {
      return new BackupSet(List.of(holder, other.publicKey()), 2, 0, "kms.example")
          .seal(keys, SampleSet.NOW, RANDOM)
          .getFirst();
    }
  }

  private static void refuses(String holder) {
    assertThatThrownBy(() -> HolderKey.read(holder))
        .as(holder)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(ShareRefusal.HOLDER_KEY));
  }

  private static void refusesIdentity(String text) {
    assertThatThrownBy(() -> HolderIdentity.read(SampleSet.text(text)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(ShareRefusal.IDENTITY));
  }
}
