package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.derivation.SealedAnswer;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.proto.AppKeySealedResponse;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;
import dstack.kms.rpc.tls.TlsDefaults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sealed answers that the root signed and that are wrong all the same: whoever seals makes
 * mistakes, or has the root's key and not the enclave's request.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SealedContentTest {
  private final VectorApp app = new VectorApp();
  private TestPlatform platform;
  private TestKms kms;
  private Function<GetAppKeySealedRequest, Bytes> recipient = SealedContentTest::key;
  private Function<GetAppKeySealedRequest, Hpke.Binding> binding = SealedContentTest::binding;
  private UnaryOperator<Bytes> afterSealing = UnaryOperator.identity();
  private String content = "";

  @BeforeAll
  void start(@TempDir Path folder) {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
    kms.answers.instead("GetAppKeySealed", this::answer);
  }

  @AfterAll
  void stop() {
    kms.close();
  }

  @BeforeEach
  void honest() {
    recipient = SealedContentTest::key;
    binding = SealedContentTest::binding;
    afterSealing = UnaryOperator.identity();
    content = right();
  }

  private String right() {
    return MessageCodec.write(Encoding.JSON, app.answer().setCaCert(kms.rootCa()).build())
        .utf8Text();
  }

  private static Bytes key(GetAppKeySealedRequest request) {
    return Bytes.of(request.getPublicKey().toByteArray());
  }

  private static Hpke.Binding binding(GetAppKeySealedRequest request) {
    return SealedAnswer.binding(
        Bytes.of(request.getAttestation().toByteArray()), request.getVmConfig());
  }

  private HttpReply answer(HttpExchange exchange) {
    GetAppKeySealedRequest request =
        (GetAppKeySealedRequest)
            MessageCodec.read(
                Encoding.JSON, exchange.body(), GetAppKeySealedRequest.getDefaultInstance());
    Bytes sealed;
    try (Secret text = Secret.takeOver(content.getBytes(StandardCharsets.UTF_8))) {
      sealed =
          afterSealing.apply(
              Hpke.toX25519(recipient.apply(request), binding.apply(request), text).orElseThrow());
    }
    // What the enclave knows is signed, whatever was sealed.
    SealedAnswer known = new SealedAnswer(key(request), binding(request), sealed);
    AppKeySealedResponse response =
        AppKeySealedResponse.newBuilder()
            .setSealed(ByteString.copyFrom(sealed.toArray()))
            .setSignature(
                ByteString.copyFrom(
                    app.derivation().sealedKeysSignature(app.id(), known).value().toArray()))
            .build();
    return HttpReply.of(200, HttpReply.JSON, MessageCodec.write(Encoding.JSON, response));
  }

  private Enclave enclave() {
    return new Enclave(platform).trustingRoot(kms.rootCa());
  }

  private void refuses(FetchRefusal code) {
    assertThatThrownBy(() -> enclave().fetch(kms.url()).close())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              assertThat(e.text() + e.detail())
                  .doesNotContain(app.vector("/disk/disk_crypt_key").hex());
            });
  }

  @Test
  void opensWhatIsSealedToItsKeyForItsRequest() {
    try (Fetched fetched = enclave().fetch(kms.url())) {
      assertThat(fetched.sealed()).isTrue();
      assertThat(fetched.keys().diskCryptKey().<String>expose(raw -> Bytes.of(raw).hex()))
          .isEqualTo(app.vector("/disk/disk_crypt_key").hex());
    }
  }

  @Test
  void t01_opensNothingThatIsSealedToAnotherKey() {
    try (Secret other = Secret.generate(X25519.LENGTH, new SecureRandom())) {
      Bytes publicKey = X25519.publicKey(other);
      recipient = _ -> publicKey;
      refuses(FetchRefusal.SEALED_CLOSED);
    }
  }

  @Test
  void t01_opensNothingThatIsSealedForAnotherRequest() {
    binding = request -> SealedAnswer.binding(Bytes.utf8("other"), request.getVmConfig());
    refuses(FetchRefusal.SEALED_CLOSED);
    binding =
        request -> SealedAnswer.binding(Bytes.of(request.getAttestation().toByteArray()), "{}");
    refuses(FetchRefusal.SEALED_CLOSED);
    binding = request -> new Hpke.Binding(Bytes.utf8("dstack-kms-v0"), binding(request).data());
    refuses(FetchRefusal.SEALED_CLOSED);
  }

  /** Encapsulated key, its last byte, the ciphertext's first and middle, the tag. */
  @Test
  void opensNothingWithABitChangedInAnyOfItsRegions() {
    for (int at : new int[] {0, 31, 32, 400, -16, -1}) {
      afterSealing =
          bytes -> {
            byte[] copy = bytes.toArray();
            copy[at < 0 ? copy.length + at : at] ^= 1;
            return Bytes.of(copy);
          };
      refuses(FetchRefusal.SEALED_CLOSED);
    }
  }

  @Test
  void opensNothingThatIsTooShortOrTooLong() {
    UnaryOperator<Bytes> first = bytes -> bytes.slice(1, bytes.length());
    UnaryOperator<Bytes> last = bytes -> bytes.slice(0, bytes.length() - 1);
    UnaryOperator<Bytes> longer = bytes -> Bytes.concat(bytes, Bytes.zeros(1));
    UnaryOperator<Bytes> keyAlone = bytes -> bytes.slice(0, 32);
    UnaryOperator<Bytes> half = bytes -> bytes.slice(0, 31);
    UnaryOperator<Bytes> nothing = _ -> Bytes.EMPTY;
    for (UnaryOperator<Bytes> each : List.of(first, last, longer, keyAlone, half, nothing)) {
      afterSealing = each;
      refuses(FetchRefusal.SEALED_CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "{",
        "{}x",
        "\"text\"",
        "{\"disk_crypt_key\":1}",
        "{\"disk_crypt_key\":\"zz\"}",
        "{\"disk_crypt_key\":null}",
      })
  void takesNothingFromAnAnswerOfAnotherForm(String text) {
    content = text;
    refuses(FetchRefusal.ANSWER);
  }

  @Test
  void takesNothingFromAnAnswerWithAMemberTwice() {
    for (String member : new String[] {"disk_crypt_key", "k256_key", "ca_cert"}) {
      content = right().replaceFirst("\\{", "{\"" + member + "\":\"\",");
      refuses(FetchRefusal.ANSWER);
    }
  }

  @Test
  void takesNothingFromAnAnswerWithMoreBehindIt() {
    for (String more : new String[] {"{}", "x", "\u0000", right()}) {
      content = right() + more;
      refuses(FetchRefusal.ANSWER);
    }
  }

  @Test
  void takesNothingFromAnAnswerWithAMemberMissing() {
    for (String member :
        new String[] {"disk_crypt_key", "env_crypt_key", "k256_key", "k256_signature"}) {
      content = right().replace("\"" + member + "\"", "\"unknown\"");
      refuses(FetchRefusal.ANSWER);
    }
  }
}
