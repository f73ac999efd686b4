package dstack.kms.onboard.backup;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.SetUp;
import dstack.kms.onboard.backup.share.BackupSet;
import dstack.kms.onboard.backup.share.RootSecrets;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.certificates.RpcDomain;
import java.util.Map;
import java.util.Optional;

/** Opens a complete session's set and stores the keys with a fresh key for the node itself. */
record RestoredKeys(Restore.Parts parts) {
  /**
   * All of it or nothing.
   *
   * @throws dstack.kms.core.refusal.RefusalException if the keys are not those of the manifest, or
   *     nothing can be recorded or stored
   */
  void store(RestoreSession session, Map<String, String> facts) {
    ShareFile file = session.shares().getFirst().file();
    RpcDomain domain =
        session
            .terms()
            .domain()
            .map(RpcDomain::requested)
            .orElseGet(() -> RpcDomain.stored(file.manifest().domain()));
    try (RootSecrets keys = BackupSet.open(session.shares());
        P256PrivateKey rpc = P256PrivateKey.generate(parts.random());
        KeyMaterial material = material(keys, rpc, domain)) {
      parts.audit().require(AuditEvent.done(AuditKind.RESTORE, facts));
      parts.store().create(material, SetUp.RESTORE);
    }
  }

  private KeyMaterial material(RootSecrets keys, P256PrivateKey rpc, RpcDomain domain) {
    String certificate =
        parts
            .issuer()
            .rpc(CertificateAuthority.of(keys.rootCaPem(), keys.rootCa()), rpc.publicKey(), domain);
    return new KeyMaterial(
        new KeySet(
            keys.rootCa().pkcs8Pem(),
            keys.tempCa().pkcs8Pem(),
            rpc.pkcs8Pem(),
            keys.k256().scalar()),
        new CertificateSet(keys.rootCaPem(), keys.tempCaPem(), certificate),
        domain.text(),
        Optional.empty());
  }
}
