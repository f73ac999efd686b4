package dstack.kms.rpc.kms;

import com.google.protobuf.Empty;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.proto.GetKmsKeyRequest;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.proto.SignCertResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import dstack.kms.rpc.tls.ClientEvidence;
import dstack.kms.rpc.tls.EvidenceRules;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The methods of the main listener (specification 04 §5), each a list of its steps in order. */
public final class KmsService {
  private final Supplier<NodeKeys> keys;
  private final SelfCheck self;
  private final Authorization authorization;
  private final Authority authority;
  private final EvidenceRules evidenceRules;
  private final AttestationVerifier verifier;
  private final CertificateSigning signing;
  private final Optional<TokenCacheClearing> cacheClearing;
  private final InstantSource clock;
  private final StageObserver stages;
  private final UsedSealingKeys usedKeys = new UsedSealingKeys(System::nanoTime);

  /**
   * What the service works with.
   *
   * @param keys the current snapshot of the node's keys
   * @param self SELF
   * @param authorization AUTH and RELEASE
   * @param authority what GetMeta asks about itself
   * @param evidenceRules how client certificates are judged
   * @param verifier of the evidence that requests carry in their body
   * @param signatures of those requests
   * @param cacheClearing the old ClearImageCache, if a token for it is configured
   * @param clock of signatures and certificates
   * @param stages is told how long each took
   */
  public record Parts(
      Supplier<NodeKeys> keys,
      SelfCheck self,
      Authorization authorization,
      Authority authority,
      EvidenceRules evidenceRules,
      AttestationVerifier verifier,
      SignatureVerifier signatures,
      Optional<TokenCacheClearing> cacheClearing,
      InstantSource clock,
      StageObserver stages) {}

  /** A service of these parts. */
  public KmsService(Parts parts) {
    keys = parts.keys();
    self = parts.self();
    authorization = parts.authorization();
    authority = parts.authority();
    evidenceRules = parts.evidenceRules();
    verifier = parts.verifier();
    signing =
        new CertificateSigning(
            parts.verifier(),
            parts.signatures(),
            parts.authorization(),
            parts.clock(),
            parts.stages());
    cacheClearing = parts.cacheClearing();
    clock = parts.clock();
    stages = parts.stages();
  }

  /** The method table. */
  public RpcService rpc() {
    List<RpcMethod<?>> methods = new ArrayList<>();
    methods.add(
        RpcMethod.of("GetAppKey", GetAppKeyRequest.getDefaultInstance(), this::getAppKey)
            .after(this::judgeEvidence));
    methods.add(
        RpcMethod.of(
                "GetAppKeySealed",
                GetAppKeySealedRequest.getDefaultInstance(),
                this::getAppKeySealed)
            .onlyByPost());
    methods.add(
        RpcMethod.of("GetKmsKey", GetKmsKeyRequest.getDefaultInstance(), this::getKmsKey)
            .after(this::judgeEvidence));
    methods.add(
        RpcMethod.of(
            "GetAppEnvEncryptPubKey", AppId.getDefaultInstance(), this::getAppEnvEncryptPubKey));
    methods.add(RpcMethod.of("GetMeta", Empty.getDefaultInstance(), this::getMeta));
    methods.add(RpcMethod.of("GetTempCaCert", Empty.getDefaultInstance(), this::getTempCaCert));
    methods.add(RpcMethod.of("SignCert", SignCertRequest.getDefaultInstance(), this::signCert));
    cacheClearing.ifPresent(clearing -> methods.add(clearing.method()));
    return new RpcService("KMS", methods);
  }

  // ---- 5.1

  private Answer getAppKey(HttpExchange call, GetAppKeyRequest request) {
    requireVersion(request.getApiVersion());
    KeyGrant grant =
        Alongside.both(
            self::asked,
            () -> authorizeApp(call, request.getVmConfig()),
            (own, authorized) -> authorized.release(own));
    return stages.timed(Stage.DERIVE, () -> KeyRelease.appKeys(grant, keys.get()));
  }

  private Authorization.Authorized authorizeApp(HttpExchange call, String vmConfig) {
    try {
      return authorization.app(requireEvidence(call), vmConfig);
    } catch (RefusalException e) {
      throw e.within("App not allowed");
    }
  }

  /** The same keys for the same evidence, readable by the enclave alone (ADR 0019). */
  private Answer getAppKeySealed(HttpExchange call, GetAppKeySealedRequest request) {
    requireVersion(request.getApiVersion());
    Authorization.SealedGrant grant =
        Alongside.both(
            self::asked,
            () ->
                Step.named(
                    "App not allowed",
                    () ->
                        authorization.sealed(
                            VerifiedRecipient.of(request, verifier, usedKeys),
                            request.getVmConfig(),
                            usedKeys)),
            (own, authorized) -> authorized.release(own));
    return SealedRelease.answer(grant, request, keys.get());
  }

  private static void requireVersion(int version) {
    if (Integer.compareUnsigned(version, 1) > 0) {
      throw new RefusalException(
          KmsRefusal.API_VERSION, "Unsupported API version: " + Integer.toUnsignedString(version));
    }
  }

  // ---- 5.2

  private Answer getKmsKey(HttpExchange call, GetKmsKeyRequest request) {
    KeyGrant grant =
        Alongside.both(
            self::asked,
            () -> authorization.kms(requireEvidence(call), request.getVmConfig()),
            (own, authorized) -> authorized.release(own));
    return KeyRelease.rootKeys(grant, keys.get());
  }

  // ---- 5.3

  private Answer getAppEnvEncryptPubKey(HttpExchange call, AppId request) {
    self.require();
    var app = new dstack.kms.core.bootinfo.AppId(Bytes.of(request.getAppId().toByteArray()));
    return stages.timed(
        Stage.DERIVE,
        () -> KeyRelease.envPublicKey(app, clock.instant().getEpochSecond(), keys.get()));
  }

  // ---- 5.4

  private Answer getMeta(HttpExchange call, Empty nothing) {
    return Answer.of(MetaAnswer.of(authority.info(), keys.get()));
  }

  // ---- 5.5

  private Answer getTempCaCert(HttpExchange call, Empty nothing) {
    Optional<BootInfo> own = self.require();
    own.ifPresent(authorization::requireReleaseTo);
    NodeKeys node = keys.get();
    return Answer.of(
        GetTempCaCertResponse.newBuilder()
            .setTempCaCert(node.tempCaCertificate())
            .setTempCaKey(node.tempCaKey().expose(raw -> new String(raw, StandardCharsets.UTF_8)))
            .setCaCert(node.rootCa().pem())
            .build());
  }

  // ---- 5.6

  private Answer signCert(HttpExchange call, SignCertRequest request) {
    CertificateSigning.Approved approved = signing.approve(request, self.asked());
    return Answer.of(
        SignCertResponse.newBuilder()
            .addAllCertificateChain(
                stages.timed(Stage.SIGN, () -> signing.issue(approved, keys.get())))
            .build());
  }

  // ---- the client's evidence

  /** Evidence that does not hold fails the request before its input is looked at (01 §5). */
  private void judgeEvidence(HttpExchange call) {
    var _ =
        stages.timed(
            Stage.VERIFY, () -> ClientEvidence.of(call.connection(), evidenceRules).verified());
  }

  private VerifiedAttestation requireEvidence(HttpExchange call) {
    return ClientEvidence.of(call.connection(), evidenceRules)
        .verified()
        .orElseThrow(
            () -> new RefusalException(KmsRefusal.NO_ATTESTATION, "No attestation provided"));
  }
}
