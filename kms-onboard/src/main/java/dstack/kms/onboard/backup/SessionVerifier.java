package dstack.kms.onboard.backup;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.proto.RestoreBeginResponse;

/**
 * Judges a restore session from outside: its evidence verifies, is over this very session, and is
 * that of a node that the rule accepts.
 *
 * @param verifier of evidence
 * @param rule which node
 */
public record SessionVerifier(AttestationVerifier verifier, SessionRule rule) {
  private static final int KEY = 32;
  private static final int ID = 16;

  /**
   * The session, found good.
   *
   * @throws RefusalException if anything about it is not
   */
  public VerifiedSession verify(RestoreBeginResponse offered) {
    Bytes id = Bytes.of(offered.getSessionId().toByteArray());
    Bytes key = Bytes.of(offered.getPublicKey().toByteArray());
    if (id.length() != ID || key.length() != KEY) {
      throw unbound("the session has no id of 16 and no key of 32 bytes");
    }
    UnverifiedAttestation claimed =
        UnverifiedAttestation.decode(Bytes.of(offered.getAttestation().toByteArray()));
    VerifiedAttestation verified = verifier.verify(claimed);
    if (!verified.reportData().equals(ReportData.ofRestoreSession(key, id))) {
      throw unbound("the evidence is not over this session's key");
    }
    verified.requireWhole();
    BootInfo node = verified.bootInfo("", MeasurementPoint.RUNTIME);
    rule.check(node);
    return new VerifiedSession(id, key, node);
  }

  private static RefusalException unbound(String text) {
    return new RefusalException(BackupRefusal.SESSION_EVIDENCE, text);
  }
}
