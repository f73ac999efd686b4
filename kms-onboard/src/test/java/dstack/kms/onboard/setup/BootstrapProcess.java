package dstack.kms.onboard.setup;

import dstack.kms.attest.agent.AgentAddress;
import dstack.kms.attest.agent.GuestAgentClient;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.testing.BootInfos;
import dstack.kms.onboard.testing.RecordingAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** A process that bootstraps once and then publishes its answer; made to be killed. */
final class BootstrapProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private BootstrapProcess() {}

  /** Arguments: the key store's directory, the agent's address, the file to publish in. */
  public static void main(String[] arguments) throws IOException {
    KeyStore store = KeyStore.open(Path.of(arguments[0]));
    QuoteSource quotes = new GuestAgentClient(AgentAddress.parse(arguments[1]), PATIENCE, PATIENCE);
    BootstrapInfo answer =
        bootstrap(store, quotes).run(new RpcDomain("kms.example.com"), Progress.unwatched());
    Files.writeString(Path.of(arguments[2]), answer.json());
  }

  /** A bootstrap that everybody allows. */
  static Bootstrap bootstrap(KeyStore store, QuoteSource quotes) {
    return new Bootstrap(
        store,
        new SelfAuthorization(true, BootInfos::any, new RecordingAuthority()),
        new CertificateIssuer(new Certificates(InstantSource.system()), quotes, true),
        quotes,
        new SecureRandom(),
        AuditTrail.none());
  }
}
