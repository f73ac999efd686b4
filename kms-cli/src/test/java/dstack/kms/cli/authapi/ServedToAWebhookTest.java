package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.authority.Authorities;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.authority.DevAuthority;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Both ends of this program's own, with keys and certificates of openssl between them (T-16). */
class ServedToAWebhookTest {
  private static final BootInfo INFO =
      new BootInfo(
          TeeVariant.TDX,
          Bytes.zeros(32),
          Bytes.zeros(32),
          Bytes.zeros(32),
          new AppId(Bytes.zeros(20)),
          new ComposeHash(Bytes.zeros(32)),
          new InstanceId(Bytes.EMPTY),
          Bytes.zeros(32),
          Bytes.EMPTY,
          "UpToDate",
          List.of());

  @TempDir static Path dir;

  @BeforeAll
  static void makesKeysAndCertificates() throws Exception {
    TlsDefaults.apply();
    authority("ca");
    authority("stranger");
    leaf("server", "ca", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
    leaf("client", "ca", "extendedKeyUsage=clientAuth\n");
    leaf("guest", "stranger", "extendedKeyUsage=clientAuth\n");
    key("answer");
    key("other");
  }

  private static void key(String name) throws Exception {
    openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        name + ".key");
  }

  private static void authority(String name) throws Exception {
    key(name);
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        name + ".key",
        "-subj",
        "/CN=" + name,
        "-days",
        "2",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-out",
        name + ".pem");
  }

  private static void leaf(String name, String issuer, String extensions) throws Exception {
    key(name);
    Files.writeString(dir.resolve(name + ".ext"), extensions);
    openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr");
    openssl(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        issuer + ".pem",
        "-CAkey",
        issuer + ".key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        name + ".ext",
        "-out",
        name + ".pem");
  }

  private static void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tool.require("openssl").toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String file(String name) {
    return dir.resolve(name).toString();
  }

  /** The service with these options of {@code kms auth-api}. */
  private static final class Served implements AutoCloseable {
    private final TlsOptions.Front front;
    private final Signing signing;
    private final AuthApiServer server;

    Served(String... options) {
      ServiceOptions parsed = new ServiceOptions();
      new CommandLine(parsed).parseArgs(options);
      front = parsed.tls.front();
      signing = Signing.with(Optional.ofNullable(parsed.answerKey), InstantSource.system());
      server =
          AuthApiServer.start(
              new DevAuthority("gw"),
              ServiceSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                  .behind(front.tls())
                  .signedBy(signing.signer()));
    }

    String url() {
      return front.scheme() + "://127.0.0.1:" + server.address().getPort();
    }

    @Override
    public void close() {
      server.close();
      signing.close();
      front.close();
    }
  }

  @CommandLine.Command
  private static final class ServiceOptions {
    @CommandLine.Mixin TlsOptions tls;

    @CommandLine.Option(names = "--answer-key")
    @org.jspecify.annotations.Nullable
    Path answerKey;
  }

  private static Authority webhook(Served served, String... keysAndValues) {
    Map<String, String> flags = new HashMap<>(Map.of("core.auth_api.webhook.url", served.url()));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      flags.put("core.auth_api.webhook." + keysAndValues[i], keysAndValues[i + 1]);
    }
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return Authorities.of(config.authority(), "1.2.3");
  }

  private static void refuses(AuthorityRefusal reason, Served served, String... keysAndValues) {
    try (Authority authority = webhook(served, keysAndValues)) {
      assertThatThrownBy(() -> authority.decideApp(INFO))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
    }
  }

  private static void allows(Served served, String... keysAndValues) {
    try (Authority authority = webhook(served, keysAndValues)) {
      assertThat(authority.decideApp(INFO)).isEqualTo(new Decision.Allowed("gw"));
      assertThat(authority.decideKms(INFO)).isEqualTo(new Decision.Allowed("gw"));
    }
  }

  /** The key as openssl writes it, which is what an operator has. */
  private static String publicKey(String name) throws Exception {
    openssl("pkey", "-in", name + ".key", "-pubout", "-outform", "DER", "-out", name + ".der");
    return Bytes.of(Files.readAllBytes(dir.resolve(name + ".der"))).hex();
  }

  @Test
  void signsForAClientThatKnowsTheKey() throws Exception {
    try (Served served = new Served("--answer-key", file("answer.key"))) {
      allows(served, "answer_key", publicKey("answer"));
      allows(served);
      refuses(AuthorityRefusal.UNSIGNED_ANSWER, served, "answer_key", publicKey("other"));
      try (Authority authority = webhook(served, "answer_key", publicKey("answer"))) {
        assertThat(authority.info().gatewayAppId()).hasValue("gw");
      }
    }
  }

  @Test
  void t16_anUnsignedServiceIsRefusedByAClientThatWantsSignatures() throws Exception {
    try (Served served = new Served()) {
      allows(served);
      refuses(AuthorityRefusal.UNSIGNED_ANSWER, served, "answer_key", publicKey("answer"));
    }
  }

  @Test
  void speaksTlsWithClientsOfItsAuthorityOnly() {
    try (Served served =
        new Served(
            "--tls-cert",
            file("server.pem"),
            "--tls-key",
            file("server.key"),
            "--client-ca",
            file("ca.pem"))) {
      String[] known = {
        "ca", file("ca.pem"), "client_cert", file("client.pem"), "client_key", file("client.key")
      };
      allows(served, known);
      refuses(AuthorityRefusal.UNREACHABLE, served, "ca", file("ca.pem"));
      refuses(
          AuthorityRefusal.UNREACHABLE,
          served,
          "ca",
          file("ca.pem"),
          "client_cert",
          file("guest.pem"),
          "client_key",
          file("guest.key"));
    }
  }

  @Test
  void t16_aServiceOfAnotherAuthorityIsNotAsked() {
    try (Served served =
        new Served("--tls-cert", file("server.pem"), "--tls-key", file("server.key"))) {
      allows(served, "ca", file("ca.pem"));
      refuses(AuthorityRefusal.UNREACHABLE, served, "ca", file("stranger.pem"));
      refuses(AuthorityRefusal.UNREACHABLE, served);
    }
  }

  @Test
  void refusesHalfOfAnIdentityAndFilesThatDoNotFit() {
    assertThatThrownBy(() -> new Served("--tls-cert", file("server.pem")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("--tls-key");
    assertThatThrownBy(() -> new Served("--client-ca", file("ca.pem")))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(
            () -> new Served("--tls-cert", file("server.pem"), "--tls-key", file("client.key")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("do not fit");
    assertThatThrownBy(
            () -> new Served("--tls-cert", file("nothing.pem"), "--tls-key", file("server.key")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("nothing.pem");
    assertThatThrownBy(() -> new Served("--answer-key", file("server.pem")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("server.pem");
  }

  @Test
  void refusesClientFilesThatCannotBeUsed() {
    try (Served served =
        new Served("--tls-cert", file("server.pem"), "--tls-key", file("server.key"))) {
      assertThatThrownBy(() -> webhook(served, "client_cert", file("client.pem")))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("client_key");
      assertThatThrownBy(() -> webhook(served, "ca", file("nothing.pem")))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.TLS_FILES));
    }
  }
}
