package dstack.kms.onboard.replication;

import dstack.kms.attest.evidence.CertificateEvidence;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.Openssl;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.tls.RaTlsServer;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.sim.platform.SimulatedGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A KMS of another release as its clients see it: certificates made by openssl, answers written by
 * hand, and the insistence of the old releases on a certificate under their temp CA with evidence
 * in the old container. What a test changes before {@link #start} makes it lie.
 */
final class SimulatedSource implements AutoCloseable {
  /** How the certificate carries evidence. */
  enum Form {
    /** Extension .8, as pinned and current write it. */
    ATTESTATION,
    /** Extensions .1 and .2, as legacy writes them on TDX. */
    PAIR,
    /** Extension .1 alone. */
    HALF_PAIR,
    /** Legacy with {@code quote_enabled = false}. */
    NONE
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ARC = "1.3.6.1.4.1.62397.1.";

  final P256PrivateKey root = P256PrivateKey.generate(RANDOM);
  final P256PrivateKey tmp = P256PrivateKey.generate(RANDOM);
  final Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(RANDOM);
  P256PrivateKey rpc = P256PrivateKey.generate(RANDOM);

  /** Whose key the evidence is over; the server's own where nothing else is said. */
  P256PrivateKey evidenceKey = rpc;

  /** Who signs the server's certificate. */
  P256PrivateKey signer = root;

  String usage = "kms:rpc";
  Form form = Form.ATTESTATION;
  QuoteSource guest;
  boolean stripped = true;

  /** What is asked of each method; a test replaces them. */
  final Map<String, Function<HttpExchange, HttpReply>> answers = new ConcurrentHashMap<>();

  /** The methods asked for, in order. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** The client certificates that were shown. */
  final List<Bytes> shown = new CopyOnWriteArrayList<>();

  final String rootPem;
  final String tmpPem;
  private final Machine machine;
  private final Path folder;
  private @Nullable HttpServer server;
  private @Nullable RaTlsServer tls;

  SimulatedSource(Machine machine, Path folder) throws IOException {
    this.machine = machine;
    this.folder = Files.createTempDirectory(folder, "source");
    guest = machine.guest();
    Certificates profiles = new Certificates(InstantSource.system());
    rootPem = profiles.rootCa(root).pem();
    tmpPem = profiles.tempCa(tmp).pem();
    answers.put("GetTempCaCert", _ -> json(temp(tmpPem, tmp, rootPem)));
    answers.put("GetMeta", _ -> json(meta(rootPem, k256.publicKey().compressed())));
    answers.put("GetKmsKey", this::kmsKey);
  }

  SimulatedSource start() throws IOException {
    return start(0);
  }

  SimulatedSource start(int port) throws IOException {
    RaTlsServer front = new RaTlsServer(TlsEngine.AUTO, TlsIdentity.of(certificate(), rpc));
    tls = front;
    server =
        HttpServer.start(
            Listener.plain(
                    "simulated-source",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    this::route)
                .behind(front));
    return this;
  }

  String url() {
    return "https://127.0.0.1:" + port();
  }

  int port() {
    return Objects.requireNonNull(server).port();
  }

  @Override
  public void close() {
    if (server != null && tls != null) {
      server.close();
      tls.close();
      server = null;
    }
  }

  // ---- answers

  static HttpReply json(String text) {
    return HttpReply.of(200, HttpReply.JSON, ReplyBody.of(text));
  }

  static HttpReply error(String text) {
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return HttpReply.of(400, HttpReply.JSON, ReplyBody.of("{\n  \"error\": \"" + quoted + "\"\n}"));
  }

  static String temp(String tmpPem, P256PrivateKey tmp, String rootPem) {
    return "{\"temp_ca_cert\":%s,\"temp_ca_key\":%s,\"ca_cert\":%s}"
        .formatted(quoted(tmpPem), quoted(pem(tmp)), quoted(rootPem));
  }

  /** As legacy and pinned answer, without the members of later releases. */
  static String meta(String rootPem, Bytes k256) {
    return "{\"ca_cert\":%s,\"allow_any_upgrade\":false,\"k256_pubkey\":\"%s\",\"bootstrap_info\":null}"
        .formatted(quoted(rootPem), k256.hex());
  }

  static String keys(P256PrivateKey tmp, P256PrivateKey root, Bytes k256) {
    return keys(quoted(pem(tmp)), quoted(pem(root)), k256.hex());
  }

  static String keys(String tmp, String root, String k256) {
    return "{\"temp_ca_key\":%s,\"keys\":[{\"ca_key\":%s,\"k256_key\":\"%s\"}]}"
        .formatted(tmp, root, k256);
  }

  static String quoted(String text) {
    return '"' + text.replace("\n", "\\n") + '"';
  }

  static String pem(P256PrivateKey key) {
    try (Secret pem = key.pkcs8Pem()) {
      return pem.expose(raw -> new String(raw, StandardCharsets.US_ASCII));
    }
  }

  static Bytes scalar(Secp256k1PrivateKey key) {
    try (Secret scalar = key.scalar()) {
      return scalar.expose(Bytes::of);
    }
  }

  private HttpReply kmsKey(HttpExchange call) {
    try {
      ParsedCertificate client =
          ParsedCertificate.parse(call.connection().certificate().orElseThrow());
      boolean ours = client.isSignedBy(tmp.publicKey(), SignatureVerifiers.named("BC"));
      // 04 len len len len 00: the old container inside one OCTET STRING.
      Bytes evidence = client.extensions(ARC + "8").getFirst().value();
      if (!ours || evidence.at(4) != 0 || !client.extensions(ARC + "4").isEmpty()) {
        return error("this release cannot read the client certificate");
      }
      machine.verifier().verifyBoundTo(CertificateEvidence.of(client).orElseThrow(), client.spki());
    } catch (RefusalException e) {
      return error("invalid quote: " + e.text());
    }
    return json(keys(tmp, root, scalar(k256)));
  }

  private Route route(RequestHead head, ClientConnection connection) {
    String name = head.path().replaceFirst("^/prpc/(KMS\\.)*", "");
    if (!head.path().startsWith("/prpc/") || !head.query().equals("json")) {
      return new Route.Immediate(HttpReply.notFound());
    }
    asked.add(name);
    connection.certificate().ifPresent(shown::add);
    Function<HttpExchange, HttpReply> answer =
        answers.getOrDefault(name, _ -> error("Service not found: " + name));
    return new Route.Handled(name, 1 << 20, answer::apply, (status, text) -> error(text));
  }

  // ---- the certificate

  /** The DER of the server's certificate, by openssl. */
  Bytes certificate() {
    try {
      Path extensions = Files.writeString(folder.resolve("ext.cnf"), extensions());
      Path rpcKey = Files.writeString(folder.resolve("rpc.key"), pem(rpc));
      Path caKey = Files.writeString(folder.resolve("ca.key"), pem(signer));
      Path ca = Files.writeString(folder.resolve("ca.crt"), rootPemOf(signer));
      Path request = folder.resolve("rpc.csr");
      Path made = folder.resolve("rpc.crt");
      String log =
          Openssl.run(
                  "req",
                  "-new",
                  "-key",
                  text(rpcKey),
                  "-subj",
                  "/CN=127.0.0.1",
                  "-out",
                  text(request))
              + Openssl.run(
                  "x509",
                  "-req",
                  "-sha256",
                  "-in",
                  text(request),
                  "-CA",
                  text(ca),
                  "-CAkey",
                  text(caKey),
                  "-set_serial",
                  "7",
                  "-days",
                  "3650",
                  "-extfile",
                  text(extensions),
                  "-out",
                  text(made));
      if (!Files.exists(made)) {
        throw new IllegalStateException(log);
      }
      return Pem.decode(Files.readString(made));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String rootPemOf(P256PrivateKey key) {
    return key.equals(root) ? rootPem : new Certificates(InstantSource.system()).rootCa(key).pem();
  }

  private String extensions() {
    StringBuilder text =
        new StringBuilder("subjectAltName=IP:127.0.0.1\nkeyUsage=critical,digitalSignature\n");
    if (!usage.isEmpty()) {
      text.append(extension("4", Bytes.utf8(usage)));
    }
    ReportData binding =
        ReportData.ofCertificateKey(evidenceKey.publicKey().subjectPublicKeyInfo());
    switch (form) {
      case NONE -> {}
      case ATTESTATION -> text.append(extension("8", inCertificate(guest.attest(binding))));
      case HALF_PAIR -> text.append(extension("1", ((SimulatedGuest) guest).quote(binding)));
      case PAIR -> {
        SimulatedGuest legacy = (SimulatedGuest) guest;
        text.append(extension("1", legacy.quote(binding)));
        text.append(extension("2", Bytes.utf8(legacy.eventLogJson())));
      }
    }
    return text.toString();
  }

  private Bytes inCertificate(Bytes attestation) {
    return !stripped
        ? attestation
        : dstack.kms.attest.evidence.UnverifiedAttestation.decode(attestation).stripped().encode();
  }

  private static String extension(String arc, Bytes content) {
    return ARC + arc + "=DER:" + octetString(content).hex() + "\n";
  }

  private static Bytes octetString(Bytes content) {
    int length = content.length();
    String head =
        length < 128
            ? "04%02x".formatted(length)
            : length < 256
                ? "0481%02x".formatted(length)
                : length < 65536 ? "0482%04x".formatted(length) : "0483%06x".formatted(length);
    return Bytes.concat(Bytes.fromHex(head), content);
  }

  private static String text(Path path) {
    return path.toString();
  }
}
