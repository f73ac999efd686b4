package dstack.kms.onboard.backup;

import com.google.protobuf.ByteString;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditRefusal;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.backup.share.Manifest;
import dstack.kms.onboard.backup.share.RootSecrets;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.setup.Bootstrap;
import dstack.kms.onboard.setup.SelfAuthorization;
import dstack.kms.onboard.testing.HolderKeys;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.RecordingAuthority;
import dstack.kms.rpc.proto.RestoreBeginResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of one node around a store of its own, on a machine that others may share. */
final class RestoreBench {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Machine machine;
  private final KeyStore store;
  private final RecordingAuthority authority = new RecordingAuthority();
  private final Clock clock = new Clock();
  private final Audit audit = new Audit();

  RestoreBench(Path folder, Machine machine) {
    this.machine = machine;
    store = KeyStore.open(folder);
  }

  /** A clock that the test moves. */
  static final class Clock implements InstantSource {
    private volatile Instant now = Instant.now();

    void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** An audit log in memory. */
  static final class Audit implements AuditTrail {
    private final List<AuditEvent> required = new ArrayList<>();
    private boolean full;

    void refuse() {
      full = true;
    }

    List<AuditEvent> lines() {
      return List.copyOf(required);
    }

    @Override
    public void require(AuditEvent event) {
      if (full) {
        throw new RefusalException(AuditRefusal.UNWRITABLE, "the audit log is full");
      }
      required.add(event);
    }

    @Override
    public void note(AuditEvent event) {}

    @Override
    public void requireWritable() {}

    @Override
    public Optional<AuditHead> head() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  Machine machine() {
    return machine;
  }

  KeyStore store() {
    return store;
  }

  RecordingAuthority authority() {
    return authority;
  }

  Clock clock() {
    return clock;
  }

  Audit audit() {
    return audit;
  }

  Restore restore(Map<String, String> flags) {
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new Restore(
        new Restore.Parts(
            store,
            authorization(),
            machine.guest(),
            issuer(),
            config.onboard(),
            config.rpc().engine(),
            config.epoch(),
            clock,
            RANDOM,
            audit));
  }

  BackupCreation backup(HolderKeys holders, int threshold) {
    Map<String, String> flags =
        Map.of(
            "core.insecure_development",
            "true",
            "core.backup.holders",
            holders.flag(),
            "core.backup.threshold",
            Integer.toString(threshold));
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new BackupCreation(store, config.backup(), 0, clock, RANDOM, audit);
  }

  RestoreBench withKeys() {
    new Bootstrap(store, authorization(), issuer(), machine.guest(), RANDOM, AuditTrail.none())
        .runUnasked(RpcDomain.requested("kms.example"));
    return this;
  }

  /** The public halves of what is stored. */
  Manifest.Identity identity() {
    StoredState state = store.read(Optional.empty());
    try (KeyMaterial material = ((StoredState.Complete) state).material();
        RootSecrets keys = RootSecrets.of(material)) {
      return keys.identity();
    }
  }

  static ByteString wire(Bytes bytes) {
    return ByteString.copyFrom(bytes.toArray());
  }

  static RestoreBeginResponse wire(Restore.Begun begun) {
    return RestoreMethods.response(begun);
  }

  private SelfAuthorization authorization() {
    return new SelfAuthorization(true, machine::bootInfo, authority);
  }

  private CertificateIssuer issuer() {
    return new CertificateIssuer(new Certificates(InstantSource.system()), machine.guest(), true);
  }
}
