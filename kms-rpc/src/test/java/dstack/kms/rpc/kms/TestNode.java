package dstack.kms.rpc.kms;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.BodyLimits;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.config.TokenDigest;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.admin.ImageCache;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.tls.EvidenceRules;
import dstack.kms.rpc.tls.RaTlsServer;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** A node with the root keys of the vectors, on a simulated platform, behind real TLS. */
public final class TestNode implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  public static final SimulatedIdentity APP1 =
      SimulatedIdentity.standard()
          .change()
          .appId(Bytes.fromHex("11".repeat(20)))
          .instanceId(Bytes.fromHex("33".repeat(20)))
          .done();

  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  public final FakeAuthority authority = new FakeAuthority();
  public final AtomicInteger attested = new AtomicInteger();
  public final SimulatedPlatform platform;
  public final AttestationVerifier verifier;
  public final NodeKeys keys;
  public final RaTlsServer tls;
  public final HttpServer server;

  /** May be replaced while the node runs. */
  public volatile AppQuota quota = AppQuota.NONE;

  /** What happens while an image is verified. */
  volatile Runnable whileVerifyingImages = () -> {};

  /** How much more time has passed than really did. */
  final AtomicLong passed = new AtomicLong();

  /** May be replaced while the node runs. */
  public volatile ReleaseWatch watch = ReleaseWatch.NONE;

  public final NodeMetrics metrics = new NodeMetrics(CLOCK);
  private final Options options;
  private final AuditTrail audit;

  /** What is different from an ordinary node. */
  public record Options(
      TlsEngine engine,
      ReleaseConfig release,
      boolean verifyImages,
      Optional<String> adminToken,
      Path cacheFolder) {
    static Options ordinary(Path folder) {
      return new Options(
          TlsEngine.AUTO,
          new ReleaseConfig(true, true, false, false),
          false,
          Optional.empty(),
          folder.resolve("cache"));
    }

    Options with(ReleaseConfig other) {
      return new Options(engine, other, verifyImages, adminToken, cacheFolder);
    }

    Options with(TlsEngine other) {
      return new Options(other, release, verifyImages, adminToken, cacheFolder);
    }

    Options verifyingImages() {
      return new Options(engine, release, true, adminToken, cacheFolder);
    }

    Options withAdminToken(String token) {
      return new Options(engine, release, verifyImages, Optional.of(token), cacheFolder);
    }
  }

  private static void refuseImage(VerifiedAttestation evidence, String vmConfig) {
    throw new RefusalException(
        VerifyRefusal.IMAGE_NOT_VERIFIED,
        "Failed to verify os image hash: Failed to verify os image hash: other image");
  }

  public TestNode(Path folder) {
    this(folder, Options.ordinary(folder));
  }

  TestNode(Path folder, Options options) {
    this(folder, options, AuditTrail.none());
  }

  TestNode(Path folder, Options options, AuditTrail audit) {
    this.options = options;
    this.audit = audit;
    platform = SimulatedPlatform.open(folder.resolve("sim"), CLOCK, new SecureRandom());
    try {
      TdxTrustAnchor anchor =
          TdxTrustAnchor.external(Bytes.of(Files.readAllBytes(platform.rootCertificateFile())));
      verifier =
          new AttestationVerifier(
              PlatformVerifiers.onlyTdx(
                  new TdxVerifier(
                      new QuoteVerifier(anchor, SignatureVerifiers.named("auto")),
                      quote -> Collateral.fromJson(platform.collateral().toJson()),
                      CLOCK)));
      keys = nodeKeys();
      tls = new RaTlsServer(options.engine(), rpcIdentity());
      server = HttpServer.start(listener());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NodeKeys nodeKeys() {
    JsonNode root = Vectors.json("keys.json").get("roots").get(0);
    P256PrivateKey ca = P256PrivateKey.ofScalar(secret(root.get("root_ca").get("scalar")));
    Secp256k1PrivateKey k256 =
        Secp256k1PrivateKey.ofScalar(secret(root.get("root_k256").get("scalar")));
    Certificates certificates = new Certificates(CLOCK);
    P256PrivateKey temp = P256PrivateKey.generate(new SecureRandom());
    CertificateAuthority tempCa = certificates.tempCa(temp);
    return new NodeKeys(
        new RootKeys(ca, k256),
        certificates.rootCa(ca),
        tempCa.pem(),
        temp.pkcs8Pem(),
        Optional.empty());
  }

  private static Secret secret(JsonNode hex) {
    return Secret.takeOver(HexFormat.of().parseHex(hex.asString()));
  }

  /** A fresh server certificate under the root CA for loopback. */
  TlsIdentity rpcIdentity() {
    P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
    String pem =
        new Certificates(CLOCK).rpc(keys.rootCa(), key.publicKey(), "127.0.0.1", Optional.empty());
    return TlsIdentity.of(Pem.decode(pem), key);
  }

  private Listener listener() {
    KmsService service =
        new KmsService(
            new KmsService.Parts(
                () -> keys,
                new SelfCheck(
                    options.release().enforceSelfAuthorization(),
                    new OwnBootInfo(ownQuotes(), verifier, Duration.ofHours(1), CLOCK),
                    authority,
                    this::nanos),
                new Authorization(
                    authority,
                    options.release(),
                    options.verifyImages()
                        ? TestNode::refuseImage
                        : (evidence, vmConfig) -> whileVerifyingImages.run(),
                    audit,
                    whom -> quota.require(whom),
                    metrics.and(new Watching()),
                    this::nanos),
                authority,
                new EvidenceRules(verifier, Optional.empty(), CLOCK),
                verifier,
                SignatureVerifiers.named("auto"),
                options
                    .adminToken()
                    .map(
                        token ->
                            new TokenCacheClearing(
                                TokenDigest.ofToken(token), new ImageCache(options.cacheFolder()))),
                CLOCK,
                metrics));
    MainRoutes routes =
        new MainRoutes(
            new PrpcEndpoint(
                service.rpc(), new BodyLimits(Map.of("signcert", 10L << 20))::of, metrics),
            Optional.of(metrics::publicReply));
    return Listener.plain(
            "main", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes)
        .within(HttpLimits.DEFAULT)
        .answeringWith(Map.of("X-App-Version", "v0.1.0 (git:0123456789abcdef0123)"))
        .observedBy(metrics.listener("main"))
        .behind(tls);
  }

  private long nanos() {
    return System.nanoTime() + passed.get();
  }

  private final class Watching implements ReleaseWatch {
    @Override
    public void released(AuditKind kind, BootInfo whom) {
      watch.released(kind, whom);
    }
  }

  private QuoteSource ownQuotes() {
    QuoteSource guest = platform.boot(SimulatedIdentity.standard());
    return new QuoteSource() {
      @Override
      public Bytes attest(ReportData reportData) {
        attested.incrementAndGet();
        return guest.attest(reportData);
      }

      @Override
      public String vmConfig() {
        return guest.vmConfig();
      }
    };
  }

  /** The bytes of a stripped attestation of such a guest over a key, as a client embeds it. */
  public Bytes evidence(SimulatedIdentity guest, Bytes spki, SimulatedFault... faults) {
    Bytes full = platform.attest(guest, ReportData.ofCertificateKey(spki), faults);
    return UnverifiedAttestation.decode(full).stripped().encode();
  }

  /** The URL of a method for curl. */
  public String url(String path) {
    return "https://127.0.0.1:" + server.port() + path;
  }

  /** The JSON of the keys that an ordinary guest gets. */
  public String appKeys(Path folder) {
    return CurlClient.guest(this, folder, APP1).post("GetAppKey", "{\"api_version\":1}");
  }

  /** Names of all methods that the main listener has. */
  static List<String> methods() {
    return List.of(
        "GetAppKey",
        "GetAppKeySealed",
        "GetKmsKey",
        "GetAppEnvEncryptPubKey",
        "GetMeta",
        "GetTempCaCert",
        "SignCert");
  }

  @Override
  public void close() {
    server.close();
    tls.close();
  }
}
