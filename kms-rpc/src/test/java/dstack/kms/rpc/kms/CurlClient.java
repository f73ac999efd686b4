package dstack.kms.rpc.kms;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.tls.OddCertificate;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** curl with a client certificate that Bouncy Castle made, as a guest would call. */
final class CurlClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestNode node;
  private final Optional<Path> certificate;

  private CurlClient(TestNode node, Optional<Path> certificate) {
    this.node = node;
    this.certificate = certificate;
  }

  static CurlClient anonymous(TestNode node) {
    return new CurlClient(node, Optional.empty());
  }

  static CurlClient of(
      TestNode node, Path folder, OddCertificate odd, X509CertificateHolder certificate) {
    return new CurlClient(node, Optional.of(odd.write(folder, certificate)));
  }

  static CurlClient of(TestNode node, Path folder, OddCertificate odd, Bytes certificate) {
    return new CurlClient(node, Optional.of(odd.write(folder, certificate)));
  }

  /** A guest with good evidence, unless faults are named. */
  static CurlClient guest(
      TestNode node, Path folder, SimulatedIdentity guest, SimulatedFault... faults) {
    OddCertificate odd = OddCertificate.p256();
    Bytes evidence = node.evidence(guest, odd.spki(), faults);
    odd.extension(OddCertificate.EVIDENCE, false, evidence.toArray());
    return of(node, folder, odd, odd.build());
  }

  /** Status line, headers and text of the answer to a JSON call. */
  String head(String method, String json) {
    return run(method, "-i", "--data-binary", json);
  }

  /** The text of the answer to a JSON call. */
  String post(String method, String json) {
    return run(method, "--data-binary", json);
  }

  private String run(String method, String... what) {
    List<String> arguments = new ArrayList<>(List.of("-k"));
    arguments.addAll(List.of(what));
    certificate.ifPresent(
        file -> arguments.addAll(List.of("--cert", file.toString(), "--key", file + ".key")));
    arguments.add(node.url("/prpc/" + method + "?json"));
    return Curl.run(arguments.toArray(String[]::new));
  }

  JsonNode call(String method, String json) {
    return JSON.readTree(post(method, json));
  }

  /** The text of an expected error. */
  String error(String method, String json) {
    JsonNode answer = call(method, json);
    if (!answer.has("error")) {
      throw new AssertionError("not an error: " + answer.propertyNames());
    }
    return answer.get("error").asString();
  }
}
