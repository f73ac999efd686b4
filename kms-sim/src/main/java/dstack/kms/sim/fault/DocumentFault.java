package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorFolder;
import dstack.kms.sim.vendor.VendorList;
import java.time.Duration;
import java.time.Instant;

/** Revocation lists of issuers that are not what they should be; the evidence is right. */
public enum DocumentFault implements SimulatedFault {
  LISTS_EXPIRED((list, listed, maker) -> list.ended(maker.now())),
  LISTS_OF_THE_FUTURE((list, listed, maker) -> future(list, maker.now())),
  /** Every list names the right issuer, which never signed it. */
  LISTS_FORGED((list, listed, maker) -> list.signedBy(maker.freshKey(list.issuer().key().kind()))),
  /** Every list is that of the CA that it should be about. */
  LISTS_OF_ANOTHER_ISSUER((list, listed, maker) -> VendorList.empty(listed, maker.now())),
  /** Every list revokes the one certificate that it is about. */
  CERTIFICATES_REVOKED((list, listed, maker) -> list.revoking(listed));

  /** Changes a list before it is signed. */
  @Immutable
  private interface Edit {
    VendorList apply(VendorList list, VendorCertificate listed, VendorFolder maker);
  }

  private final Edit edit;

  DocumentFault(Edit edit) {
    this.edit = edit;
  }

  /**
   * Changes what a list says.
   *
   * @param listed the certificate that the list is about
   */
  public VendorList applyTo(VendorList list, VendorCertificate listed, VendorFolder maker) {
    return edit.apply(list, listed, maker);
  }

  private static VendorList future(VendorList list, Instant now) {
    Instant from = now.plus(Duration.ofMinutes(10));
    return new VendorList(
        list.issuer(), list.signer(), from, from.plus(Duration.ofDays(7)), list.revoked());
  }
}
