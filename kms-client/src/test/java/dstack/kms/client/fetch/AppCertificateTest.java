package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.LeafRequest;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.proto.SignCertResponse;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A certificate for the application: asked for with the keys, and taken only if it is the one. */
@Timeout(180)
final class AppCertificateTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AppId APP = new AppId(TestPlatform.APP);

  @TempDir private Path folder;
  private TestPlatform platform;
  private TestKms kms;
  private final Certificates certificates = new Certificates(TestPlatform.CLOCK);

  @BeforeEach
  void start() {
    TlsDefaults.apply();
    platform = new TestPlatform(folder);
    kms = new TestKms(platform, 0, ServerKind.ORDINARY);
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private Enclave wishing() {
    return new Enclave(platform)
        .trustingRoot(kms.rootCa())
        .wishing(new CertificateWish("app", List.of("app.example", "10.1.2.3")));
  }

  private void refuses() {
    assertThatThrownBy(() -> wishing().fetch(kms.url()).close())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(FetchRefusal.CERTIFICATE_CHAIN);
              assertThat(e.text()).startsWith("the certificate chain cannot be used: ");
            });
  }

  /** From now on this chain is given, made of the key that was to be certified. */
  private void answer(Function<P256PublicKey, List<String>> chain) {
    kms.answers.instead(
        "SignCert",
        exchange -> {
          SignCertResponse response =
              SignCertResponse.newBuilder()
                  .addAllCertificateChain(chain.apply(asked(exchange)))
                  .build();
          return HttpReply.of(200, HttpReply.JSON, MessageCodec.write(Encoding.JSON, response));
        });
  }

  /** The P-256 key in the request: its SPKI begins with the same 27 bytes as every other. */
  private static P256PublicKey asked(HttpExchange exchange) {
    SignCertRequest request =
        (SignCertRequest)
            MessageCodec.read(Encoding.JSON, exchange.body(), SignCertRequest.getDefaultInstance());
    String csr = Bytes.of(request.getCsr().toByteArray()).hex();
    int at = csr.indexOf("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    return P256PublicKey.fromSubjectPublicKeyInfo(Bytes.fromHex(csr.substring(at, at + 182)))
        .orElseThrow();
  }

  private static P256PrivateKey fresh() {
    return P256PrivateKey.generate(RANDOM);
  }

  private CertificateAuthority appCa(CertificateAuthority root, AppId app) {
    return certificates.appCa(root, fresh(), app);
  }

  private String leaf(CertificateAuthority issuer, P256PublicKey key, AppId app) {
    return leaf(issuer, key, app, null, "app", List.of("app.example", "10.1.2.3"));
  }

  private String leaf(
      CertificateAuthority issuer,
      P256PublicKey key,
      AppId app,
      @Nullable String organization,
      String subject,
      List<String> altNames) {
    return certificates.appLeaf(
        issuer,
        new LeafRequest(
            key, app, organization, subject, altNames, true, true, null, null, null, null));
  }

  @Test
  void isUnderTheRootForTheFreshKeyAndTheAskedNames() throws Exception {
    try (Fetched fetched = wishing().fetch(kms.url())) {
      CertifiedKey certified = fetched.certified().orElseThrow();
      assertThat(certified.chain()).hasSize(3);
      Path chain = Files.writeString(folder.resolve("c.pem"), String.join("", certified.chain()));
      Path root = Files.writeString(folder.resolve("r.pem"), kms.rootCa());
      for (String check : new String[] {"-verify_hostname app.example", "-verify_ip 10.1.2.3"}) {
        assertThat(verify(root, chain, check)).contains(": OK");
      }
      assertThat(verify(root, chain, "-verify_hostname other.example")).doesNotContain(": OK");
      try (Secret pem = certified.key().pkcs8Pem()) {
        Path key = folder.resolve("k.pem");
        Files.write(key, pem.<byte[]>expose(byte[]::clone));
        assertThat(openssl("pkey", "-pubout", "-in", key.toString()))
            .isEqualTo(openssl("x509", "-noout", "-pubkey", "-in", chain.toString()));
      }
    }
    assertThat(kms.answers.asked())
        .containsExactly("GetTempCaCert", "GetMeta", "GetAppKeySealed", "SignCert");
  }

  private static String verify(Path root, Path chain, String check) throws Exception {
    String[] words = check.split(" ", -1);
    return openssl(
        "verify",
        "-attime",
        String.valueOf(TestPlatform.NOW.getEpochSecond() + 60),
        "-CAfile",
        root.toString(),
        "-untrusted",
        chain.toString(),
        words[0],
        words[1],
        chain.toString());
  }

  private static String openssl(String... words) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of(Tool.require("openssl").toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void isNotTakenInAnotherNumberThanThree() {
    CertificateAuthority ca = appCa(kms.keys.rootCa(), APP);
    answer(key -> List.of());
    refuses();
    answer(key -> List.of(leaf(ca, key, APP)));
    refuses();
    answer(key -> List.of(leaf(ca, key, APP), ca.pem()));
    refuses();
    answer(key -> List.of(leaf(ca, key, APP), ca.pem(), kms.rootCa(), kms.rootCa()));
    refuses();
    answer(key -> List.of(leaf(ca, key, APP) + ca.pem(), ca.pem(), kms.rootCa()));
    refuses();
    answer(key -> List.of("x", "y", "z"));
    refuses();
  }

  @Test
  void isNotTakenForAnotherKeyOrApplication() {
    AppId other = new AppId(Bytes.fromHex("22".repeat(20)));
    CertificateAuthority ca = appCa(kms.keys.rootCa(), APP);
    CertificateAuthority foreign = appCa(kms.keys.rootCa(), other);
    answer(_ -> List.of(leaf(ca, fresh().publicKey(), APP), ca.pem(), kms.rootCa()));
    refuses();
    answer(key -> List.of(leaf(ca, key, other), ca.pem(), kms.rootCa()));
    refuses();
    answer(key -> List.of(leaf(foreign, key, APP), foreign.pem(), kms.rootCa()));
    refuses();
  }

  @Test
  void isTakenFromAnyoneWhoHasTheRightKeys() {
    CertificateAuthority ca = appCa(kms.keys.rootCa(), APP);
    answer(key -> List.of(leaf(ca, key, APP), ca.pem(), kms.rootCa()));
    try (Fetched fetched = wishing().fetch(kms.url())) {
      assertThat(fetched.certified()).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other, app, app.example 10.1.2.3",
    ", App, app.example 10.1.2.3",
    ", '', app.example 10.1.2.3",
    ", app, ''",
    ", app, app.example",
    ", app, 10.1.2.3 app.example",
    ", app, app.example 10.1.2.4",
    ", app, app.example 10.1.2.3 10.1.2.3",
    ", app, app.example 10.1.2.3 other.example",
    ", app, *.example 10.1.2.3",
  })
  void isNotTakenForOtherNames(@Nullable String organization, String subject, String altNames) {
    CertificateAuthority ca = appCa(kms.keys.rootCa(), APP);
    List<String> names = altNames.isEmpty() ? List.of() : List.of(altNames.split(" ", -1));
    answer(
        key -> List.of(leaf(ca, key, APP, organization, subject, names), ca.pem(), kms.rootCa()));
    refuses();
  }

  @Test
  void t18_isNotTakenUnderAnotherRootOrWithAGapInItsSignatures() {
    CertificateAuthority ca = appCa(kms.keys.rootCa(), APP);
    CertificateAuthority stranger = certificates.rootCa(fresh());
    CertificateAuthority elsewhere = appCa(stranger, APP);
    CertificateAuthority twin = appCa(kms.keys.rootCa(), APP);
    answer(key -> List.of(leaf(elsewhere, key, APP), elsewhere.pem(), stranger.pem()));
    refuses();
    answer(key -> List.of(leaf(elsewhere, key, APP), elsewhere.pem(), kms.rootCa()));
    refuses();
    answer(key -> List.of(leaf(twin, key, APP), ca.pem(), kms.rootCa()));
    refuses();
    answer(key -> List.of(leaf(kms.keys.rootCa(), key, APP), kms.rootCa(), kms.rootCa()));
    refuses();
    answer(key -> List.of(ca.pem(), ca.pem(), kms.rootCa()));
    refuses();
  }

  @Test
  void keepsTheKeysAwayIfItIsRefused() {
    kms.answers.instead("SignCert", 400, "{\"error\":\"not today\"}");
    assertThatThrownBy(() -> wishing().fetch(kms.url()).close())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FetchRefusal.REFUSED_BY_KMS);
              assertThat(e.text()).isEqualTo("the KMS refuses SignCert: not today");
            });
    kms.answers.instead("SignCert", 200, "{");
    assertThatThrownBy(
            () ->
                new KeyFetch(wishing().plan(), wishing().machine(), new JumpingTime())
                    .run(List.of(RpcUrl.ofKms(kms.url())), Duration.ofSeconds(20)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(ClientRefusal.MALFORMED_ANSWER));
  }
}
