package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.x509.PathValidator;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import java.time.Instant;

/**
 * Steps 5 and 6: a TCB info that Intel signed and that is in force, its levels in the order in
 * which they are tried.
 */
record VerifiedTcbInfo(TcbInfo content, DocumentDates dates, ValidityWindow window) {
  private static final DocumentDates.Texts DATES =
      new DocumentDates.Texts(
          "TCB Info", "TCBInfo", DcapRefusal.TCB_INFO_MALFORMED, DcapRefusal.TCB_INFO_NOT_IN_FORCE);
  private static final DocumentSigner.Texts SIGNER =
      new DocumentSigner.Texts("TCB Info", "tcb_info", DcapRefusal.TCB_INFO_SIGNATURE);

  /** The document as it came, with the lists against which its signer was checked. */
  record Key(Revocation revocation, String chain, String text, Bytes signature) {
    static Key of(Revocation revocation, Collateral collateral) {
      return new Key(
          revocation,
          collateral.tcbInfoIssuerChain(),
          collateral.tcbInfo(),
          collateral.tcbInfoSignature());
    }
  }

  static VerifiedTcbInfo check(Key key, DocumentSigner signers, PathValidator paths, Instant now) {
    TcbInfo content = decode(key.text());
    DocumentDates dates =
        DocumentDates.require(content.issueDate(), content.nextUpdate(), DATES, now);
    VerifiedCertificate signer =
        signers.require(key.chain(), key.text(), key.signature(), paths, SIGNER);
    return new VerifiedTcbInfo(
        content.withSortedLevels(), dates, dates.window().and(signer.window()));
  }

  private static TcbInfo decode(String text) {
    try {
      return TcbDocuments.tcbInfo(text);
    } catch (StrictJson.Malformed e) {
      throw DcapRefusal.TCB_INFO_MALFORMED
          .refuse(String.valueOf(e.getMessage()))
          .within("Failed to decode TcbInfo");
    }
  }
}
