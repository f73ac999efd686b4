package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.LegacyPair;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.AppInfoCodec;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.LeafRequest;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.csr.CsrConfig;
import dstack.kms.core.csr.CsrEvidence;
import dstack.kms.core.csr.SignCertRequestCsr;
import dstack.kms.core.csr.VerifiedCsr;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** SignCert after SELF (specification 02 §7, 04 §5.6). */
final class CertificateSigning {
  private final AttestationVerifier verifier;
  private final SignatureVerifier signatures;
  private final Authorization authorization;
  private final Certificates certificates;
  private final StageObserver stages;

  CertificateSigning(
      AttestationVerifier verifier,
      SignatureVerifier signatures,
      Authorization authorization,
      InstantSource clock,
      StageObserver stages) {
    this.verifier = verifier;
    this.signatures = signatures;
    this.authorization = authorization;
    this.certificates = new Certificates(clock);
    this.stages = stages;
  }

  /** A request whose key, evidence and permission, with that VM config, were all established. */
  record Approved(VerifiedCsr csr, VerifiedAttestation evidence, String vmConfig, KeyGrant grant) {}

  /**
   * Everything that can refuse before a certificate is issued, in the order of the original.
   *
   * @param self what SELF found about this node
   */
  Approved approve(SignCertRequest request, FreshAnswer<Optional<BootInfo>> self) {
    SignCertRequestCsr csr =
        SignCertRequestCsr.parse(
            Integer.toUnsignedLong(request.getApiVersion()),
            Bytes.of(request.getCsr().toByteArray()));
    Supplier<UnverifiedAttestation> pair = decodedOrPair(csr.evidence());
    VerifiedCsr verified = csr.verify(Bytes.of(request.getSignature().toByteArray()), signatures);
    UnverifiedAttestation attestation = pair.get();
    VerifiedAttestation evidence =
        within(
            "Quote verification failed",
            () ->
                stages.timed(
                    Stage.VERIFY, () -> verifier.verifyBoundTo(attestation, csr.publicKey())));
    KeyGrant grant = authorization.certificate(evidence, request.getVmConfig()).release(self);
    return new Approved(verified, evidence, request.getVmConfig(), grant);
  }

  /** The chain of PEM texts: leaf, app CA, root CA. */
  List<String> issue(Approved approved, NodeKeys node) {
    try (P256PrivateKey key =
        new KeyDerivation(node.roots()).appCaKey(approved.grant().bootInfo().appId())) {
      CertificateAuthority appCa =
          certificates.appCa(node.rootCa(), key, approved.grant().bootInfo().appId());
      String leaf =
          within(
              "Failed to sign certificate",
              () -> certificates.appLeaf(appCa, leafRequest(approved)));
      return List.of(leaf, appCa.pem(), node.rootCa().pem());
    }
  }

  /**
   * Version 2 carries an attestation, whose decoding belongs to the parsing of the request; version
   * 1 carries a quote and an event log, which become one only after the signature was checked.
   */
  private static Supplier<UnverifiedAttestation> decodedOrPair(CsrEvidence evidence) {
    return switch (evidence) {
      case CsrEvidence.Attestation bytes -> {
        UnverifiedAttestation decoded =
            within("Failed to parse csr", () -> UnverifiedAttestation.decode(bytes.encoded()));
        yield () -> decoded;
      }
      case CsrEvidence.QuoteAndEventLog pair ->
          () ->
              within(
                  "Failed to upgrade csr v1 to v2",
                  () -> LegacyPair.toAttestation(pair.quote(), pair.eventLog()));
    };
  }

  private static LeafRequest leafRequest(Approved approved) {
    CsrConfig config = approved.csr().config();
    return new LeafRequest(
        approved.csr().key(),
        approved.grant().bootInfo().appId(),
        config.organization(),
        config.subject(),
        config.altNames(),
        config.serverAuth(),
        config.clientAuth(),
        config.withAppInfo() ? appInfo(approved) : null,
        config.withAttestation() ? approved.evidence().strippedBytes() : null,
        config.notBefore(),
        config.notAfter());
  }

  /**
   * Extension .9: the runtime measurements of the verified evidence, with the VM config that the
   * authority was asked about. The original takes the one inside the evidence, which may claim
   * another image than the allowed one.
   */
  private static Bytes appInfo(Approved approved) {
    AppInfo info = approved.evidence().appInfo(approved.vmConfig(), MeasurementPoint.RUNTIME);
    return AppInfoCodec.encode(
        new dstack.kms.core.certificate.AppInfo(
            info.appId(),
            info.composeHash(),
            info.instanceId(),
            info.deviceId(),
            info.mrSystem(),
            info.mrAggregated(),
            info.osImageHash(),
            info.keyProviderInfo(),
            info.initScriptHashes()));
  }

  private static <T> T within(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
