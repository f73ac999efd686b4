package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.x509.PathValidator;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.List;

/** Step 7: an identity of the quoting enclave that Intel signed and that is in force. */
record VerifiedQeIdentity(QeIdentity content, DocumentDates dates, ValidityWindow window) {
  private static final DocumentDates.Texts DATES =
      new DocumentDates.Texts(
          "QE Identity",
          "QE Identity",
          DcapRefusal.QE_IDENTITY_MALFORMED,
          DcapRefusal.QE_IDENTITY_NOT_IN_FORCE);
  private static final DocumentSigner.Texts SIGNER =
      new DocumentSigner.Texts("QE Identity", "qe_identity", DcapRefusal.QE_IDENTITY_SIGNATURE);

  /** The document as it came, with the lists against which its signer was checked. */
  record Key(Revocation revocation, String chain, String text, Bytes signature) {
    static Key of(Revocation revocation, Collateral collateral) {
      return new Key(
          revocation,
          collateral.qeIdentityIssuerChain(),
          collateral.qeIdentity(),
          collateral.qeIdentitySignature());
    }
  }

  static VerifiedQeIdentity check(
      Key key, DocumentSigner signers, PathValidator paths, Instant now) {
    QeIdentity content = decode(key.text());
    DocumentDates dates =
        DocumentDates.require(content.issueDate(), content.nextUpdate(), DATES, now);
    VerifiedCertificate signer =
        signers.require(key.chain(), key.text(), key.signature(), paths, SIGNER);
    return new VerifiedQeIdentity(content, dates, dates.window().and(signer.window()));
  }

  private static QeIdentity decode(String text) {
    try {
      return TcbDocuments.qeIdentity(text);
    } catch (StrictJson.Malformed e) {
      throw DcapRefusal.QE_IDENTITY_MALFORMED
          .refuse(String.valueOf(e.getMessage()))
          .within("Failed to decode QeIdentity");
    }
  }

  /** Refuses the identity of a quoting enclave for the other kind of environment. */
  void requireFor(TeeType tee) {
    String id =
        switch (tee) {
          case SGX -> "QE";
          case TDX -> "TD_QE";
        };
    List<Integer> versions =
        switch (tee) {
          case SGX -> List.of(2);
          case TDX -> List.of(2, 3);
        };
    if (!content.id().equals(id) || !versions.contains(content.version())) {
      throw DcapRefusal.QE_IDENTITY_KIND.refuseWith(
          "Unsupported QE Identity id/version for the quote TEE type: %s version %d (expected %s"
              + " version %s)",
          content.id(), content.version(), id, versions);
    }
  }
}
