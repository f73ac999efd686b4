package dstack.kms.onboard.replication;

import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.Step;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.proto.GetKmsKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.tls.TlsIdentity;

/**
 * One way through the conversation with a source, in the order of specification 04 §4.3: evidence,
 * identity, authorization, and only then this node's own evidence and the keys (T-19).
 */
final class Attempt {
  private final Replication.Parts parts;
  private final RpcClient client;
  private final OwnKeys own;
  private final SignatureVerifier signatures;
  private final SourceAuthorization authorization;
  private final Progress progress;

  Attempt(
      Replication.Parts parts,
      RpcClient client,
      OwnKeys own,
      SignatureVerifier signatures,
      SourceAuthorization authorization,
      Progress progress) {
    this.parts = parts;
    this.client = client;
    this.own = own;
    this.signatures = signatures;
    this.authorization = authorization;
    this.progress = progress;
  }

  /** The keys of the source behind that URL, proven to be its own. */
  Offer run(RpcUrl url) {
    progress.at(SetupStep.SOURCE);
    VerifiedSource source;
    SourceIdentity identity;
    try (SourceLink link = SourceLink.first(client, url)) {
      source = verified(link, url);
      identity = identity(link, source);
    }
    try (identity) {
      progress.at(SetupStep.SOURCE_AUTHORIZATION);
      AuthorizedSource authorized = authorization.require(source);
      return new Offer(
          authorized,
          identity.rootCaPem(),
          identity.tempCa().pem(),
          keys(url, authorized, identity));
    }
  }

  private VerifiedSource verified(SourceLink link, RpcUrl url) {
    progress.at(SetupStep.SOURCE_EVIDENCE);
    return Step.named(
        "failed to validate the server attestation of " + url.text(),
        () -> VerifiedSource.of(link.certificate(), parts.verifier(), own));
  }

  private SourceIdentity identity(SourceLink link, VerifiedSource source) {
    GetTempCaCertResponse temp =
        link.ask("GetTempCaCert", GetTempCaCertResponse.getDefaultInstance());
    GetMetaResponse meta = link.ask("GetMeta", GetMetaResponse.getDefaultInstance());
    AuthorityInfo network =
        Step.named("failed to call KMS auth check", () -> parts.authority().info());
    new ExpectedFleet(parts.config().identity(), network).require(meta);
    return SourceIdentity.of(source, temp, meta, signatures);
  }

  private SourceKeys keys(RpcUrl url, AuthorizedSource authorized, SourceIdentity identity) {
    progress.at(SetupStep.OWN_EVIDENCE);
    TlsIdentity shown =
        new OwnCertificate(parts.quotes(), parts.random(), parts.clock(), own).under(identity);
    GetKmsKeyRequest request =
        GetKmsKeyRequest.newBuilder().setVmConfig(parts.quotes().vmConfig()).build();
    progress.at(SetupStep.SOURCE_KEYS);
    try (SourceLink link = SourceLink.second(client, url, authorized.source(), shown)) {
      KmsKeyResponse answer = link.ask("GetKmsKey", request, KmsKeyResponse.getDefaultInstance());
      progress.at(SetupStep.KEY_CHECK);
      return SourceKeys.of(answer, identity, own);
    }
  }
}
