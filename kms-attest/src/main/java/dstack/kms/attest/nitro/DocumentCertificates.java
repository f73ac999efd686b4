package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The certificates above the signer in an attestation document, DER; nothing of it is checked. */
public final class DocumentCertificates {
  private DocumentCertificates() {}

  /** Those in the document of an enclave's module, as a COSE_Sign1. */
  public static List<Bytes> ofEnclave(Bytes cose) {
    return of(cose, ModuleKind.ENCLAVE);
  }

  /** Those in the document of a NitroTPM, as a COSE_Sign1. */
  public static List<Bytes> ofNitroTpm(Bytes cose) {
    return of(cose, ModuleKind.NITRO_TPM);
  }

  private static List<Bytes> of(Bytes cose, ModuleKind kind) {
    return AttestationDocument.parse(CoseSign1.parse(cose).payload(), kind).cabundle();
  }
}
