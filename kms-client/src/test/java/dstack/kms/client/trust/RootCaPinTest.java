package dstack.kms.client.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be given as the root CA of a fleet. */
final class RootCaPinTest {
  @TempDir private Path folder;
  private final VectorApp app = new VectorApp();

  private static void refuses(String pem) {
    assertThatThrownBy(() -> RootCaPin.ofPem(pem))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FetchRefusal.TRUST_MALFORMED);
              assertThat(e.text()).startsWith("the root CA certificate cannot be used: ");
            });
  }

  /** A self-signed certificate by openssl. */
  private String openssl(String... more) throws Exception {
    Path out = folder.resolve("made.crt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Tool.require("openssl").toString(),
                "req",
                "-x509",
                "-nodes",
                "-subj",
                "/CN=made",
                "-keyout",
                folder.resolve("made.key").toString(),
                "-out",
                out.toString()));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return Files.readString(out);
  }

  @Test
  void isTheCertificateOfACaWithItsKey() {
    RootCaPin pin = RootCaPin.ofPem(app.rootCa().pem());
    assertThat(pin.key()).isEqualTo(app.kms().rootCa());
    assertThat(pin.certificate().isCa()).isTrue();
  }

  @Test
  void canBeMadeByOpenssl() throws Exception {
    String ca = openssl("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    assertThat(RootCaPin.ofPem(ca).certificate().isCa()).isTrue();
  }

  @Test
  void isOneCertificateAndNotTwo() throws IOException {
    String pem = app.rootCa().pem();
    refuses(pem + pem);
    refuses(pem + "\n" + openCa());
  }

  private static String openCa() {
    return new Certificates(TestPlatform.CLOCK)
        .rootCa(P256PrivateKey.generate(new SecureRandom()))
        .pem();
  }

  @Test
  void isNoLeafAndNoOtherKindOfKey() throws Exception {
    refuses(
        new Certificates(TestPlatform.CLOCK)
            .rpc(
                app.rootCa(),
                P256PrivateKey.generate(new SecureRandom()).publicKey(),
                "kms.example",
                Optional.empty()));
    refuses(openssl("-newkey", "rsa:2048"));
    refuses(openssl("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"));
    refuses(
        openssl(
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-addext",
            "basicConstraints=critical,CA:FALSE"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "root-ca.crt",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
      })
  void isNothingElse(String text) {
    refuses(text);
  }

  @Test
  void isNoKeyAndNoPartOfACertificate() {
    try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
        Secret pem = key.pkcs8Pem()) {
      refuses(pem.expose(raw -> new String(raw, StandardCharsets.US_ASCII)));
    }
    String pem = app.rootCa().pem();
    refuses(pem.substring(0, pem.length() / 2));
    refuses(pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"));
    List<String> lines = new ArrayList<>(pem.lines().toList());
    lines.remove(2);
    refuses(String.join("\n", lines) + "\n");
  }
}
