package dstack.kms.rpc.kms;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;

/**
 * A key inside an enclave: verified evidence, and the X25519 key that the hardware signed with it.
 * Who the enclave is and what can be sealed to it come from this one object (T-33).
 */
final class VerifiedRecipient {
  private final VerifiedAttestation evidence;
  private final Bytes publicKey;

  private VerifiedRecipient(VerifiedAttestation evidence, Bytes publicKey) {
    this.evidence = evidence;
    this.publicKey = publicKey;
  }

  /**
   * Verifies the evidence in a request and that it is over the request's key, under the tag of
   * sealed answers: evidence that a certificate carries is of no use here.
   *
   * @param used keys that are refused before anything is verified
   */
  static VerifiedRecipient of(
      GetAppKeySealedRequest request, AttestationVerifier verifier, UsedSealingKeys used) {
    Bytes key = Bytes.of(request.getPublicKey().toByteArray());
    if (key.length() != X25519.LENGTH) {
      throw new RefusalException(
          KmsRefusal.SEALING_KEY, "public_key must be an X25519 key of 32 bytes");
    }
    if (!X25519.hasSharedSecrets(key)) {
      throw new RefusalException(
          KmsRefusal.SEALING_KEY, "nothing can be sealed to this public_key");
    }
    used.requireFresh(key);
    if (request.getAttestation().isEmpty()) {
      throw new RefusalException(KmsRefusal.NO_ATTESTATION, "No attestation provided");
    }
    Bytes attestation = Bytes.of(request.getAttestation().toByteArray());
    return new VerifiedRecipient(
        Step.named(
            "invalid quote",
            () ->
                verifier.verifyOver(
                    UnverifiedAttestation.decode(attestation), ReportData.ofSealedKeys(key))),
        key);
  }

  /** The evidence. */
  VerifiedAttestation evidence() {
    return evidence;
  }

  /** The key that the evidence is over. */
  Bytes publicKey() {
    return publicKey;
  }
}
