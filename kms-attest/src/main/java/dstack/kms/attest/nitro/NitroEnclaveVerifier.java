package dstack.kms.attest.nitro;

import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * Verifies evidence of AWS Nitro enclaves (specification 15 §2 and §3): the document up to AWS's
 * root, that the enclave cannot be debugged, the report data, the registers of its image, and that
 * it states nothing about itself but its app id.
 *
 * <p>Debug enclaves are refused here already and not only by the image rule, so that no setting
 * releases keys to one.
 */
public final class NitroEnclaveVerifier implements PlatformVerifier<NitroEnclaveEvidence> {
  private final DocumentVerifier documents;
  private final UnmeasuredEvents events;

  /** A verifier of documents under the anchor of the document verifier. */
  public NitroEnclaveVerifier(DocumentVerifier documents, UnmeasuredEvents events) {
    this.documents = documents;
    this.events = events;
  }

  @Override
  public VerifiedNitroEnclave verify(NitroEnclaveEvidence evidence, Claims claims) {
    VerifiedDocument document = authenticate(evidence.nsmQuote());
    refuseZeroedImage(document.registers());
    UserData.require(document, claims.reportData(), "NSM");
    EnclaveMeasurement measurement = EnclaveMeasurement.of(document.registers());
    events.require(claims.runtimeEvents());
    return new VerifiedNitroEnclave(document, measurement, claims);
  }

  /** Told first, because a debug enclave is the likeliest reason that nothing else fits. */
  private static void refuseZeroedImage(Registers registers) {
    if (registers.get(0).filter(Bytes::isAllZero).isPresent()) {
      var _ = EnclaveMeasurement.of(registers);
    }
  }

  private VerifiedDocument authenticate(Bytes document) {
    try {
      return documents.verify(document, ModuleKind.ENCLAVE);
    } catch (RefusalException e) {
      throw e.within("NSM attestation verification failed");
    }
  }
}
