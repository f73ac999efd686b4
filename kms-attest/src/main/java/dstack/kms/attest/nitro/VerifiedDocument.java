package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import java.util.Optional;

/**
 * An attestation document that a Nitro hypervisor signed and that is fresh. Only {@link
 * DocumentVerifier} makes one.
 */
final class VerifiedDocument {
  private final AttestationDocument document;
  private final Bytes payload;
  private final List<String> unchecked;

  VerifiedDocument(AttestationDocument document, Bytes payload, List<String> unchecked) {
    this.document = document;
    this.payload = payload;
    this.unchecked = List.copyOf(unchecked);
  }

  String moduleId() {
    return document.moduleId();
  }

  Registers registers() {
    return document.registers();
  }

  Optional<Bytes> userData() {
    return document.userData();
  }

  /** SHA-256 of the signed payload. */
  Bytes digest() {
    return Digests.sha256(payload);
  }

  List<String> unchecked() {
    return unchecked;
  }
}
