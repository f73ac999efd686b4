package dstack.kms.client.testing;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.LeafRequest;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.BodyLimits;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.kms.AppQuota;
import dstack.kms.rpc.kms.Authorization;
import dstack.kms.rpc.kms.KmsService;
import dstack.kms.rpc.kms.MainRoutes;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.kms.OwnBootInfo;
import dstack.kms.rpc.kms.ReleaseWatch;
import dstack.kms.rpc.kms.SelfCheck;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.stage.StageObserver;
import dstack.kms.rpc.tls.EvidenceRules;
import dstack.kms.rpc.tls.RaTlsServer;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A real KMS on a simulated platform, whose root keys are one of the vectors' sets. */
public final class TestKms implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  public final Answers answers;
  public final NodeKeys keys;
  public final ScriptedAuthority authority = new ScriptedAuthority();
  private final TestPlatform platform;
  private final RaTlsServer tls;
  private final HttpServer server;

  /**
   * @param set of the root keys in the vectors, 0 or 1
   * @param kind of its certificate
   */
  public TestKms(TestPlatform platform, int set, ServerKind kind) {
    this.platform = platform;
    keys = nodeKeys(set);
    tls = new RaTlsServer(TlsEngine.AUTO, identity(kind));
    answers = new Answers(routes());
    Listener listener =
        Listener.plain("kms", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answers)
            .within(HttpLimits.DEFAULT)
            .behind(tls);
    try {
      server = HttpServer.start(listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port that it listens at. */
  public int port() {
    return server.port();
  }

  /** Its base URL under the name in its certificate. */
  public String url() {
    return "https://127.0.0.1:" + server.port();
  }

  /** Its root CA certificate. */
  public String rootCa() {
    return keys.rootCa().pem();
  }

  private static NodeKeys nodeKeys(int set) {
    JsonNode root = Vectors.json("keys.json").get("roots").get(set);
    P256PrivateKey ca = P256PrivateKey.ofScalar(secret(root.get("root_ca").get("scalar")));
    Secp256k1PrivateKey k256 =
        Secp256k1PrivateKey.ofScalar(secret(root.get("root_k256").get("scalar")));
    Certificates certificates = new Certificates(TestPlatform.CLOCK);
    P256PrivateKey temp = P256PrivateKey.generate(RANDOM);
    return new NodeKeys(
        new RootKeys(ca, k256),
        certificates.rootCa(ca),
        certificates.tempCa(temp).pem(),
        temp.pkcs8Pem(),
        Optional.empty());
  }

  private static Secret secret(JsonNode hex) {
    return Secret.takeOver(HexFormat.of().parseHex(hex.asString()));
  }

  private TlsIdentity identity(ServerKind kind) {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    return TlsIdentity.of(Pem.decode(certificate(kind, key)), key);
  }

  private String certificate(ServerKind kind, P256PrivateKey key) {
    Certificates now = new Certificates(TestPlatform.CLOCK);
    Certificates once =
        new Certificates(InstantSource.fixed(Instant.parse("2010-01-01T00:00:00Z")));
    Optional<Bytes> evidence = Optional.of(evidence(key));
    return switch (kind) {
      case ORDINARY -> now.rpc(keys.rootCa(), key.publicKey(), "127.0.0.1", evidence);
      case WITHOUT_EVIDENCE ->
          now.rpc(keys.rootCa(), key.publicKey(), "127.0.0.1", Optional.empty());
      case BORROWED_EVIDENCE ->
          now.rpc(
              keys.rootCa(),
              key.publicKey(),
              "127.0.0.1",
              Optional.of(evidence(P256PrivateKey.generate(RANDOM))));
      case EXPIRED -> once.rpc(keys.rootCa(), key.publicKey(), "127.0.0.1", evidence);
      case OTHER_HOST -> now.rpc(keys.rootCa(), key.publicKey(), "kms.example", evidence);
      case APPLICATION -> applicationChain(now, key, evidence.get());
    };
  }

  private String applicationChain(Certificates now, P256PrivateKey key, Bytes evidence) {
    AppId app = new AppId(Bytes.fromHex("11".repeat(20)));
    CertificateAuthority appCa = now.appCa(keys.rootCa(), P256PrivateKey.generate(RANDOM), app);
    return now.appLeaf(
        appCa,
        new LeafRequest(
            key.publicKey(),
            app,
            null,
            "app",
            List.of("127.0.0.1"),
            true,
            true,
            null,
            evidence,
            null,
            null));
  }

  private Bytes evidence(P256PrivateKey key) {
    Bytes raw =
        platform.kms().attest(ReportData.ofCertificateKey(key.publicKey().subjectPublicKeyInfo()));
    return UnverifiedAttestation.decode(raw).stripped().encode();
  }

  private MainRoutes routes() {
    QuoteSource own = platform.kms();
    AttestationVerifier verifier = platform.verifier();
    KmsService service =
        new KmsService(
            new KmsService.Parts(
                () -> keys,
                new SelfCheck(
                    true,
                    new OwnBootInfo(own, verifier, Duration.ofHours(1), TestPlatform.CLOCK),
                    authority),
                new Authorization(
                    authority,
                    new ReleaseConfig(true, true, false, false),
                    ImageCheck.none(),
                    AuditTrail.none(),
                    AppQuota.NONE,
                    ReleaseWatch.NONE),
                authority,
                new EvidenceRules(verifier, Optional.empty(), TestPlatform.CLOCK),
                verifier,
                SignatureVerifiers.named("auto"),
                Optional.empty(),
                TestPlatform.CLOCK,
                StageObserver.NONE));
    return new MainRoutes(
        new PrpcEndpoint(
            service.rpc(), new BodyLimits(Map.of("signcert", 10L << 20))::of, RefusalObserver.NONE),
        Optional.empty());
  }

  @Override
  public void close() {
    server.close();
    tls.close();
  }
}
