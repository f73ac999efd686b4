package dstack.kms.core.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.testkit.Node;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerSealTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);
  private static final Bytes NONCE = Bytes.fromHex("00112233445566778899aabbccddeeff");
  private static final Bytes REQUEST = Bytes.utf8("{\"appId\":\"01\"}");
  private static final Bytes ANSWER = Bytes.utf8("{\"isAllowed\":true}");
  private static final String QUESTION = "bootAuth/app";

  private final AnswerSigner signer =
      new AnswerSigner(P256PrivateKey.generate(new SecureRandom()), () -> NOW);
  private final AnswerSeal seal = signer.seal(QUESTION, NONCE, REQUEST, 200, ANSWER);

  private boolean holds(AnswerSeal given) {
    return signer.publicKey().holds(given, QUESTION, NONCE, REQUEST, 200, ANSWER);
  }

  @Test
  void holdsForItsOwnQuestionAndAnswer() {
    assertThat(seal.seconds()).isEqualTo(NOW.getEpochSecond());
    assertThat(holds(seal)).isTrue();
    assertThat(holds(AnswerSeal.parse(seal.text()).orElseThrow())).isTrue();
    assertThat(AnswerKey.of(Bytes.fromHex(signer.publicKey().text()))).hasValue(signer.publicKey());
  }

  @Test
  void doesNotHoldForAnythingElse() {
    AnswerKey key = signer.publicKey();
    Bytes other = Bytes.utf8("x");
    assertThat(key.holds(seal, "bootAuth/kms", NONCE, REQUEST, 200, ANSWER)).isFalse();
    assertThat(key.holds(seal, QUESTION, Bytes.EMPTY, REQUEST, 200, ANSWER)).isFalse();
    assertThat(key.holds(seal, QUESTION, NONCE, other, 200, ANSWER)).isFalse();
    assertThat(key.holds(seal, QUESTION, NONCE, REQUEST, 201, ANSWER)).isFalse();
    assertThat(key.holds(seal, QUESTION, NONCE, REQUEST, 200, other)).isFalse();
    assertThat(key.holds(seal, QUESTION, NONCE, ANSWER, 200, REQUEST)).isFalse();
    assertThat(holds(new AnswerSeal(seal.seconds() + 1, seal.signature()))).isFalse();
    P256PrivateKey stranger = P256PrivateKey.generate(new SecureRandom());
    assertThat(
            new AnswerKey(stranger.publicKey()).holds(seal, QUESTION, NONCE, REQUEST, 200, ANSWER))
        .isFalse();
  }

  /** What others need to know to sign and to verify: seven lines, ECDSA over P-256 and SHA-256. */
  @Test
  void holdsForAnIndependentImplementation() {
    String spki = PemArmor.encode("PUBLIC KEY", Bytes.fromHex(signer.publicKey().text()));
    String script =
        """
        import { createHash, verify } from 'node:crypto';
        const [pem, question, nonce, request, seal, answer] = process.argv.slice(1);
        const [version, seconds, signature] = seal.split(' ');
        const sha256 = (text) => createHash('sha256').update(text).digest('hex');
        const message = ['dstack-auth-answer-v1', question, nonce, sha256(request), seconds, '200',
            sha256(answer)].map((line) => line + '\\n').join('');
        console.log(version, verify('sha256', Buffer.from(message),
            { key: pem, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'hex')));
        """;
    String verdict =
        Node.run(
            script,
            spki,
            QUESTION,
            NONCE.hex(),
            REQUEST.utf8Text(),
            seal.text(),
            ANSWER.utf8Text());
    assertThat(verdict).isEqualTo("v1 true");
  }

  @Test
  void refusesAQuestionThatCouldPassForAnotherStatement() {
    assertThatThrownBy(() -> signer.seal("a\nb", NONCE, REQUEST, 200, ANSWER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1",
        "v2 T S",
        "v1  T S",
        " v1 T S",
        "v1 T S ",
        "v1 -1 S",
        "v1 1234567890123 S",
        "v1 T S0",
        "v1 T SX",
        "v1 T",
        "v1 x S"
      })
  void readsNoOtherFormOfTheHeader(String form) {
    UnaryOperator<String> fill = text -> text.replace("T", "1790000000").replace("SX", "S");
    String signature = "0a".repeat(64);
    String digits = form.endsWith("SX") ? signature.toUpperCase(java.util.Locale.ROOT) : signature;
    assertThat(AnswerSeal.parse(fill.apply(form).replace("S", digits))).isEmpty();
  }
}
