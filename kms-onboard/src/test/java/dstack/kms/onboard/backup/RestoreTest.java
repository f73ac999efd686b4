package dstack.kms.onboard.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.onboard.backup.share.HolderIdentity;
import dstack.kms.onboard.backup.share.Manifest;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.backup.share.ShareRefusal;
import dstack.kms.onboard.setup.SetupRefusal;
import dstack.kms.onboard.testing.HolderKeys;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.rpc.proto.RestoreBeginResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node without keys, and a set of three holders of whom any two restore. */
@Timeout(120)
class RestoreTest {
  @TempDir static Path shared;
  private static HolderKeys holders;
  private static Machine machine;
  private static RestoreBench source;
  private static List<ShareFile> files;
  private static Map<String, String> ours;

  @TempDir Path folder;
  private RestoreBench bench;
  private Restore restore;

  @BeforeAll
  static void seal() {
    holders = HolderKeys.in(shared);
    machine = Machine.in(shared, InstantSource.system());
    source = new RestoreBench(shared.resolve("source"), machine).withKeys();
    files = source.backup(holders, 2).run();
    ours = Map.of("core.onboard.identity", source.identity().k256().hex());
  }

  @BeforeEach
  void empty() {
    bench = new RestoreBench(folder.resolve("node"), machine);
    restore = bench.restore(ours);
  }

  @Test
  void anyTwoOfThreeGiveTheIdentityBack() {
    for (List<Integer> two : List.of(List.of(1, 2), List.of(3, 1), List.of(2, 3))) {
      RestoreBench node = new RestoreBench(folder.resolve("with-" + two.getFirst()), machine);
      Restore session = node.restore(ours);
      assertThat(send(session, two.get(0)).restored()).isFalse();
      assertThat(node.store().hasKeys()).isFalse();
      assertThat(send(session, two.get(1)).restored()).isTrue();
      assertThat(node.identity()).isEqualTo(source.identity());
    }
  }

  @Test
  void tellsWhatIsMissing() {
    RestoreBeginResponse begun = begin(restore);
    assertThat(begun.getReceived()).isZero();
    Restore.Progressed first = send(restore, 2);
    assertThat(first.received()).isEqualTo(1);
    assertThat(first.manifest().threshold()).isEqualTo(2);
    RestoreBeginResponse joined = begin(restore);
    assertThat(joined.getSessionId()).isEqualTo(begun.getSessionId());
    assertThat(joined.getReceived()).isEqualTo(1);
    assertThat(joined.getNeeded()).isEqualTo(2);
  }

  @Test
  void aWrongShareIsRefusedByItselfAndTheSessionGoesOn() {
    send(restore, 1);
    VerifiedSession session = verified(begin(restore));
    refuses(() -> send(restore, 1), BackupRefusal.DUPLICATE_SHARE);
    refuses(() -> restore.share(session.id(), files.get(1)), ShareRefusal.NOT_YOURS);
    ShareFile other = sealed(session, source.backup(holders, 2).run().get(1), 2);
    refuses(() -> restore.share(session.id(), other), BackupRefusal.OTHER_SET);
    refuses(
        () -> restore.share(session.id(), otherDomain(sealed(session, files.get(1), 2))),
        BackupRefusal.CHANGED_MANIFEST);
    refuses(
        () -> restore.share(Bytes.zeros(16), sealed(session, files.get(1), 2)),
        BackupRefusal.OTHER_SESSION);
    assertThat(send(restore, 2).restored()).isTrue();
  }

  @Test
  void refusesAChangedManifestAlsoInTheFirstShare() {
    VerifiedSession session = verified(begin(restore));
    refuses(
        () -> restore.share(session.id(), otherDomain(sealed(session, files.get(0), 1))),
        ShareRefusal.NOT_YOURS);
  }

  @Test
  void refusesASetOfAnotherEpoch() {
    Map<String, String> flags = new HashMap<>(ours);
    flags.put("core.epoch", "1");
    Restore next = bench.restore(flags);
    refuses(() -> send(next, 1), BackupRefusal.OTHER_EPOCH);
  }

  @Test
  void refusesKeysOfAnotherFleet() {
    String other = "02f02ac5a5e7416278ae7f1155c9a8741b2040d29c499e35cfb99e66b642b2102a";
    refuses(
        () -> send(bench.restore(Map.of("core.onboard.identity", other)), 1),
        BackupRefusal.OTHER_IDENTITY);
    assertThat(send(restore, 1).received()).isEqualTo(1);
  }

  /** A set of keys that its maker knows is as good a set as any but for whose keys they are. */
  @Test
  void refusesEveryKeyWhereTheConfigurationDoesNotSayWhose() {
    VerifiedSession session = verified(begin(restore));
    Restore open = bench.restore(Map.of());
    refuses(() -> begin(open), BackupRefusal.NO_IDENTITY);
    refuses(() -> begin(open, true), BackupRefusal.NO_IDENTITY);
    refuses(
        () -> open.share(session.id(), sealed(session, files.getFirst(), 1)),
        BackupRefusal.NO_SESSION);
    assertThat(bench.store().hasKeys()).isFalse();
  }

  @Test
  void refusesAShareThatWasSealedToAnotherSession() {
    VerifiedSession first = verified(begin(restore));
    ShareFile old = sealed(first, files.getFirst(), 1);
    RestoreBeginResponse fresh = begin(restore, true);
    refuses(
        () -> restore.share(Bytes.of(fresh.getSessionId().toByteArray()), old),
        ShareRefusal.NOT_YOURS);
    refuses(() -> restore.share(first.id(), old), BackupRefusal.OTHER_SESSION);
  }

  @Test
  void aSessionEndsAfterAQuarterOfAnHour() {
    send(restore, 1);
    VerifiedSession session = verified(begin(restore));
    bench.clock().advance(Duration.ofMinutes(15));
    refuses(
        () -> restore.share(session.id(), sealed(session, files.get(1), 2)),
        BackupRefusal.NO_SESSION);
    assertThat(begin(restore).getReceived()).isZero();
  }

  @Test
  void storesNothingUnlessTheAuthorityAllowsIt() {
    bench.authority().answering(new Decision.Denied("not this one"));
    send(restore, 1);
    assertThatThrownBy(() -> send(restore, 3))
        .hasMessage("KMS is not allowed to restore: boot denied: not this one")
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(SetupRefusal.NOT_ALLOWED));
    assertThat(bench.store().hasKeys()).isFalse();
    bench.authority().answering(new Decision.Allowed("any"));
    assertThat(send(restore, 3).restored()).isTrue();
  }

  @Test
  void storesNothingThatCannotBeRecorded() {
    bench.audit().refuse();
    send(restore, 1);
    assertThatThrownBy(() -> send(restore, 2)).hasMessageContaining("audit");
    assertThat(bench.store().hasKeys()).isFalse();
  }

  @Test
  void recordsTheSetAndItsHolders() {
    send(restore, 1);
    send(restore, 2);
    assertThat(bench.audit().lines())
        .singleElement()
        .asString()
        .contains("RESTORE", files.getFirst().manifest().setId().hex());
  }

  @Test
  void refusesWhereKeysAreAlready() {
    bench.withKeys();
    refuses(() -> begin(restore), BackupRefusal.KEYS_EXIST);
    refuses(() -> restore.share(Bytes.zeros(16), files.get(0)), BackupRefusal.KEYS_EXIST);
  }

  @Test
  void refusesADomainThatIsNone() {
    assertThatThrownBy(
            () ->
                restore.begin(new RestoreSession.Terms(false, Optional.of("not a domain")), false))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void aHolderRefusesANodeUnderOtherRoots() {
    RestoreBeginResponse begun = begin(restore);
    Machine other = Machine.in(folder.resolve("other"), InstantSource.system());
    refusesAnyhow(() -> verifier(other.verifier()).verify(begun));
    refusesAnyhow(() -> verifier(production()).verify(begun));
    // The twin: the same bytes under this machine's roots.
    assertThat(verified(begun).id().length()).isEqualTo(16);
  }

  @Test
  void t01_aHolderRefusesASessionKeyThatTheEvidenceIsNotOver() {
    RestoreBeginResponse begun = begin(restore);
    RestoreBeginResponse others =
        begin(new RestoreBench(folder.resolve("o"), machine).restore(ours));
    refuses(
        () -> verified(begun.toBuilder().setPublicKey(others.getPublicKey()).build()),
        BackupRefusal.SESSION_EVIDENCE);
    refuses(
        () -> verified(begun.toBuilder().setSessionId(others.getSessionId()).build()),
        BackupRefusal.SESSION_EVIDENCE);
    Bytes zeros = bench.machine().guest().attest(ReportData.ZERO);
    refuses(
        () -> verified(begun.toBuilder().setAttestation(RestoreBench.wire(zeros)).build()),
        BackupRefusal.SESSION_EVIDENCE);
    refuses(
        () -> verified(begun.toBuilder().clearPublicKey().build()), BackupRefusal.SESSION_EVIDENCE);
  }

  @Test
  void aHolderRefusesANodeThatMeasuresSomethingElseOrIsDenied() {
    RestoreBeginResponse begun = begin(restore);
    Bytes measured = bench.machine().bootInfo().mrAggregated();
    AttestationVerifier verifier = bench.machine().verifier();
    new SessionVerifier(verifier, new SessionRule.Measured(measured)).verify(begun);
    refuses(
        () ->
            new SessionVerifier(verifier, new SessionRule.Measured(Bytes.zeros(32))).verify(begun),
        BackupRefusal.SESSION_MEASUREMENT);
    bench.authority().answering(new Decision.Denied("no"));
    refuses(
        () ->
            new SessionVerifier(verifier, new SessionRule.Authorized(bench.authority()))
                .verify(begun),
        BackupRefusal.SESSION_DENIED);
  }

  private static Restore.Progressed send(Restore to, int holder) {
    VerifiedSession session = verified(begin(to));
    return to.share(session.id(), sealed(session, files.get(holder - 1), holder));
  }

  private static ShareFile sealed(VerifiedSession session, ShareFile file, int holder) {
    try (HolderIdentity identity = holders.identity(holder);
        OpenedShare share = identity.open(file)) {
      return session.sealed(share);
    }
  }

  /** The file as it would look had the set been made on another node. */
  private static ShareFile otherDomain(ShareFile file) {
    Manifest m = file.manifest();
    Manifest changed =
        new Manifest(
            m.setId(),
            m.created(),
            m.epoch(),
            m.identity(),
            "b.example",
            m.threshold(),
            m.holders());
    return new ShareFile(changed, file.payload(), file.index(), file.sealed());
  }

  private static RestoreBeginResponse begin(Restore restore) {
    return begin(restore, false);
  }

  private static RestoreBeginResponse begin(Restore restore, boolean fresh) {
    return RestoreBench.wire(
        restore.begin(new RestoreSession.Terms(false, Optional.empty()), fresh));
  }

  private static VerifiedSession verified(RestoreBeginResponse begun) {
    return verifier(machine.verifier()).verify(begun);
  }

  private static SessionVerifier verifier(AttestationVerifier roots) {
    Bytes measured = machine.bootInfo().mrAggregated();
    return new SessionVerifier(roots, new SessionRule.Measured(measured));
  }

  /** Intel's root, and collateral as good as the machine's. */
  private static AttestationVerifier production() {
    Collateral collateral = Collateral.fromJson(machine.platform().collateral().toJson());
    return new AttestationVerifier(
        PlatformVerifiers.onlyTdx(
            new TdxVerifier(
                new QuoteVerifier(TdxTrustAnchor.intel(), SignatureVerifiers.named("auto")),
                _ -> collateral,
                InstantSource.system())));
  }

  private static void refuses(ThrowingCallable call, RefusalCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusalException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static void refusesAnyhow(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(RefusalException.class);
  }
}
