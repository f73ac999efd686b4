package dstack.kms.attest.nitro;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * Verifies evidence of EC2 instances with NitroTPM (specification 15 §9): the document up to AWS's
 * root, the report data, all runtime events against register 14, the committed configuration
 * against register 8.
 *
 * <p>The hypervisor is trusted here, memory is not encrypted: this is no confidential computing,
 * and keys are released to it only under a setting of its own.
 */
public final class NitroTpmVerifier implements PlatformVerifier<NitroTpmEvidence> {
  static final int RUNTIME_REGISTER = 14;

  private static final String CONTEXT = "NitroTPM attestation verification failed";

  private final DocumentVerifier documents;
  private final ConfigRegister configRegister;

  /** A verifier of documents under the anchor of the document verifier. */
  public NitroTpmVerifier(DocumentVerifier documents, ConfigRegister configRegister) {
    this.documents = documents;
    this.configRegister = configRegister;
  }

  @Override
  public VerifiedNitroTpm verify(NitroTpmEvidence evidence, Claims claims) {
    try {
      VerifiedDocument document = authenticate(evidence.attestationDoc());
      UserData.require(document, claims.reportData(), "NitroTPM");
      requireRuntimeRegister(document.registers(), claims.runtimeEvents());
      configRegister.require(document.registers(), claims.runtimeEvents());
      return new VerifiedNitroTpm(document, BootRegisters.of(document.registers()), claims);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
  }

  private VerifiedDocument authenticate(Bytes document) {
    try {
      return documents.verify(document, ModuleKind.NITRO_TPM);
    } catch (RefusalException e) {
      throw e.within("COSE attestation document verification failed");
    }
  }

  private static void requireRuntimeRegister(Registers registers, RuntimeEvents events) {
    Bytes quoted = registers.require(RUNTIME_REGISTER);
    Bytes replayed = events.replaySha384();
    if (!quoted.equals(replayed)) {
      throw NitroRefusal.RUNTIME_REGISTER.because(
          "PCR14 mismatch, quoted: " + quoted + ", replayed: " + replayed);
    }
  }
}
