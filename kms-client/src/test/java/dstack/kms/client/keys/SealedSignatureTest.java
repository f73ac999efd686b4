package dstack.kms.client.keys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.derivation.SealedAnswer;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The root's word about a sealed answer (ADR 0019): every byte of what was agreed is under it. */
final class SealedSignatureTest {
  private static final Bytes KEY = Bytes.fromHex("5a".repeat(32));
  private static final Bytes SEALED = Bytes.fromHex("c3".repeat(300));

  private final VectorApp app = new VectorApp();
  private final ExpectedKeys expected = new ExpectedKeys(app.id(), app.kms(), Optional.empty());
  private final SealedAnswer answer =
      new SealedAnswer(KEY, SealedAnswer.binding(Bytes.utf8("evidence"), ""), SEALED);
  private final Bytes signature = app.derivation().sealedKeysSignature(app.id(), answer).value();

  private void refuses(SealedAnswer changed, Bytes by) {
    assertThatThrownBy(() -> expected.requireSigned(changed, by))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              if (e.code() != FetchRefusal.OTHER_K256 && e.code() != FetchRefusal.ANSWER) {
                throw new AssertionError(e);
              }
            });
  }

  private static Bytes flipped(Bytes bytes, int at) {
    byte[] copy = bytes.toArray();
    copy[at] ^= 1;
    return Bytes.of(copy);
  }

  @Test
  void holdsForWhatWasAgreed() {
    expected.requireSigned(answer, signature);
  }

  @Test
  void isLostWithAnyByteOfTheAnswer() {
    for (int at = 0; at < SEALED.length(); at += 7) {
      refuses(new SealedAnswer(KEY, answer.binding(), flipped(SEALED, at)), signature);
    }
    for (Bytes other :
        new Bytes[] {
          SEALED.slice(1, SEALED.length()),
          SEALED.slice(0, SEALED.length() - 1),
          Bytes.concat(SEALED, Bytes.zeros(1)),
          Bytes.concat(Bytes.zeros(1), SEALED),
          Bytes.EMPTY,
        }) {
      refuses(new SealedAnswer(KEY, answer.binding(), other), signature);
    }
  }

  @Test
  void isLostWithAnyByteOfTheKeyOrOfTheRequest() {
    for (int at = 0; at < KEY.length(); at++) {
      refuses(new SealedAnswer(flipped(KEY, at), answer.binding(), SEALED), signature);
    }
    Bytes data = answer.binding().data();
    for (int at = 0; at < data.length(); at++) {
      Hpke.Binding other = new Hpke.Binding(answer.binding().info(), flipped(data, at));
      refuses(new SealedAnswer(KEY, other, SEALED), signature);
    }
    refuses(
        new SealedAnswer(KEY, SealedAnswer.binding(Bytes.utf8("evidence"), "{}"), SEALED),
        signature);
  }

  @Test
  void isLostWithAnyByteOfItself() {
    for (int at = 0; at < signature.length(); at++) {
      refuses(answer, flipped(signature, at));
    }
    refuses(answer, signature.slice(0, 64));
    refuses(answer, Bytes.concat(signature, Bytes.zeros(1)));
    refuses(answer, Bytes.EMPTY);
  }

  @Test
  void t02_isNoneOfTheRootsOtherStatements() {
    AppId other = new AppId(Bytes.fromHex("22".repeat(20)));
    refuses(answer, app.derivation().sealedKeysSignature(other, answer).value());
    refuses(answer, app.derivation().appK256Signature(app.id()).value());
    refuses(answer, app.derivation().envPublicKeySignature(app.id()).value());
  }
}
