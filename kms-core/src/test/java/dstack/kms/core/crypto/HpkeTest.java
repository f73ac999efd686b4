package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Node;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9180 against another implementation, and every way in which a sealing must not open. */
final class HpkeTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Hpke.Binding BINDING =
      new Hpke.Binding(Bytes.utf8("info"), Bytes.utf8("data"));
  private static final Bytes CONTENT = Bytes.utf8("for one reader only");
  private static final String PEER =
      """
      import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
      const [what, key, info, aad, content] = process.argv.slice(1);
      const bytes = hex => new Uint8Array(Buffer.from(hex, 'hex'));
      const hex = buffer => Buffer.from(buffer).toString('hex');
      const suite = new CipherSuite({
        kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
      if (what === 'seal') {
        const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(key));
        const sender = await suite.createSenderContext({ recipientPublicKey, info: bytes(info) });
        const sealed = await sender.seal(bytes(content), bytes(aad));
        console.log(hex(sender.enc) + hex(sealed));
      } else {
        const recipientKey = await suite.kem.deserializePrivateKey(bytes(key));
        const recipient = await suite.createRecipientContext(
          { recipientKey, enc: bytes(content).slice(0, 32), info: bytes(info) });
        console.log(hex(await recipient.open(bytes(content).slice(32), bytes(aad))));
      }
      """;

  private static Bytes peer(String what, Bytes key, Bytes content) {
    return Bytes.fromHex(
        Node.run(PEER, what, key.hex(), BINDING.info().hex(), BINDING.data().hex(), content.hex()));
  }

  private static Bytes raw(Secret secret) {
    return secret.expose(Bytes::of);
  }

  private static Optional<Bytes> open(Secret key, Hpke.Binding binding, Bytes sealed) {
    return Hpke.withX25519(key, binding, sealed)
        .map(
            content -> {
              try (content) {
                return raw(content);
              }
            });
  }

  private static Bytes sealed(Secret key) {
    try (Secret content = Secret.takeOver(CONTENT.toArray())) {
      return Hpke.toX25519(X25519.publicKey(key), BINDING, content).orElseThrow();
    }
  }

  @Test
  void anotherImplementationOpensWhatWeSealAndTheOtherWayRound() {
    try (Secret key = Secret.generate(32, RANDOM)) {
      assertThat(peer("open", raw(key), sealed(key))).isEqualTo(CONTENT);
      Bytes theirs = peer("seal", X25519.publicKey(key), CONTENT);
      assertThat(open(key, BINDING, theirs)).contains(CONTENT);
    }
  }

  @Test
  void opensForItsKeyAndItsBindingOnly() {
    try (Secret key = Secret.generate(32, RANDOM);
        Secret other = Secret.generate(32, RANDOM)) {
      Bytes sealed = sealed(key);
      assertThat(open(key, BINDING, sealed)).contains(CONTENT);
      assertThat(open(other, BINDING, sealed)).isEmpty();
      assertThat(open(key, new Hpke.Binding(Bytes.utf8("infO"), BINDING.data()), sealed)).isEmpty();
      assertThat(open(key, new Hpke.Binding(BINDING.info(), Bytes.EMPTY), sealed)).isEmpty();
    }
  }

  @Test
  void opensNothingThatWasChangedInOneBit() {
    try (Secret key = Secret.generate(32, RANDOM)) {
      byte[] sealed = sealed(key).toArray();
      for (int at = 0; at < sealed.length; at++) {
        sealed[at] ^= 1;
        assertThat(open(key, BINDING, Bytes.of(sealed))).as("byte %d", at).isEmpty();
        sealed[at] ^= 1;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 47})
  void opensNothingThatIsCutOff(int length) {
    try (Secret key = Secret.generate(32, RANDOM)) {
      assertThat(open(key, BINDING, sealed(key).slice(0, length))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void sealsToNoKeyOfSmallOrder(String point) {
    try (Secret content = Secret.takeOver(CONTENT.toArray());
        Secret any = Secret.generate(32, RANDOM)) {
      assertThat(Hpke.toX25519(Bytes.fromHex(point), BINDING, content)).isEmpty();
      assertThat(X25519.hasSharedSecrets(Bytes.fromHex(point))).isFalse();
      assertThat(X25519.sharedSecret(any, Bytes.fromHex(point))).isEmpty();
    }
  }
}
