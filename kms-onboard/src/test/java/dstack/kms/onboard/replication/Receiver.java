package dstack.kms.onboard.replication;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.RecordingAuthority;
import dstack.kms.rpc.client.ClientLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A node without keys that replicates, with everything around it in the test's hands. */
final class Receiver implements Progress, Waiting, AuditTrail {
  static final RpcDomain DOMAIN = new RpcDomain("new.example");
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), 1 << 20);

  final Path folder;
  final RecordingAuthority decisions = new RecordingAuthority();
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<SetupStep> steps = new CopyOnWriteArrayList<>();
  final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
  final List<AuditEvent> noted = new CopyOnWriteArrayList<>();
  final Map<String, String> flags = new HashMap<>();
  Authority authority = decisions;
  AttestationVerifier verifier;
  QuoteSource guest;
  ClientLimits limits = LIMITS;
  Optional<RefusalException> unwritable = Optional.empty();
  private long now = 7;
  private Optional<Replication> replication = Optional.empty();

  Receiver(Machine machine, Path parent) throws IOException {
    folder = Files.createTempDirectory(parent, "receiver").resolve("certs");
    verifier = machine.verifier();
    guest = machine.guest();
  }

  /** Replicates; further calls are the same node's. */
  Bytes run(String url) {
    if (replication.isEmpty()) {
      replication = Optional.of(new Replication(parts(), limits, this));
    }
    return replication.get().run(url, DOMAIN, this);
  }

  /** What it refuses; nothing may be left behind then. */
  RefusalException refusal(String url) {
    try {
      run(url);
    } catch (RefusalException e) {
      List<String> left = files();
      if (!left.isEmpty()) {
        throw new AssertionError("left behind: " + left);
      }
      return e;
    }
    throw new AssertionError("keys were taken over");
  }

  /** The names in the key directory, without the file that locks it. */
  List<String> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(".lock"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private Replication.Parts parts() {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new Replication.Parts(
        KeyStore.open(folder),
        verifier,
        authority,
        guest,
        new CertificateIssuer(new Certificates(clock), guest, true),
        config.onboard(),
        TlsEngine.AUTO,
        random,
        clock,
        this);
  }

  // ---- progress

  @Override
  public void at(SetupStep step) {
    steps.add(step);
  }

  @Override
  public void says(String text) {
    told.add(text);
  }

  // ---- time

  @Override
  public long now() {
    return now;
  }

  @Override
  public void pause(Duration length) {
    now += length.toNanos();
  }

  // ---- audit

  @Override
  public void require(AuditEvent event) {
    unwritable.ifPresent(
        e -> {
          throw e;
        });
    if (!files().isEmpty()) {
      throw new AssertionError("stored before it was recorded");
    }
    recorded.add(event);
  }

  @Override
  public void note(AuditEvent event) {
    noted.add(event);
  }

  @Override
  public void requireWritable() {}

  @Override
  public Optional<AuditHead> head() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
