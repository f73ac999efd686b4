package dstack.kms.onboard.replication;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.Step;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.SetUp;
import dstack.kms.onboard.certificates.CaAdoption;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.certificates.SigningKeys;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the keys of an offer this node's own: certificates, record, store, in this order. */
final class Adoption {
  private final Replication.Parts parts;
  private final SignatureVerifier signatures;
  private final Progress progress;

  Adoption(Replication.Parts parts, SignatureVerifier signatures, Progress progress) {
    this.parts = parts;
    this.signatures = signatures;
    this.progress = progress;
  }

  /**
   * Stores the keys, all or nothing.
   *
   * @param facts of the request, for the audit log
   */
  void take(Offer offer, RpcDomain domain, Map<String, String> facts) {
    try (P256PrivateKey rpc = P256PrivateKey.generate(parts.random())) {
      SigningKeys signing = new SigningKeys(offer.keys().rootCa(), offer.keys().tmpCa(), rpc);
      progress.at(SetupStep.CERTIFICATES);
      CertificateSet certificates =
          Step.named(
              "Failed to onboard",
              () ->
                  new CaAdoption(parts.issuer(), signatures, parts.clock())
                      .issue(signing, domain, offer.rootCaPem(), offer.tempCaPem()));
      progress.at(SetupStep.STORE);
      record(offer, facts);
      store(offer, rpc, certificates, domain);
    }
  }

  private void record(Offer offer, Map<String, String> facts) {
    Map<String, String> all = new HashMap<>(facts);
    all.putAll(offer.facts());
    parts
        .audit()
        .require(
            AuditEvent.done(AuditKind.REPLICATION, all)
                .about(offer.source().subject())
                .at(offer.source().decision().block()));
  }

  private void store(
      Offer offer, P256PrivateKey rpc, CertificateSet certificates, RpcDomain domain) {
    KeySet keys =
        new KeySet(
            offer.keys().rootCa().pkcs8Pem(),
            offer.keys().tmpCa().pkcs8Pem(),
            rpc.pkcs8Pem(),
            offer.keys().k256().scalar());
    try (KeyMaterial material =
        new KeyMaterial(keys, certificates, domain.text(), Optional.empty())) {
      Step.named(
          "Failed to store keys",
          () -> {
            parts.store().create(material, SetUp.ONBOARD);
            return true;
          });
    }
  }
}
