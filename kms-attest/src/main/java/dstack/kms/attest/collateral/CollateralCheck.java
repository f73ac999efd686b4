package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides whether collateral may be kept. Implemented by {@code attest.dcap}. */
public interface CollateralCheck {
  /**
   * Checks every signature, path, revocation and date, and that it is the collateral of that key.
   *
   * @throws dstack.kms.core.refusal.RefusalException with the first reason against it
   */
  CheckedCollateral check(Collateral collateral, CollateralKey key, Instant now);

  /**
   * Whether the chain, leaf first, was issued under the trust anchor at any time. Keeps made-up
   * platforms from causing questions to a service; it proves nothing about the platform.
   */
  boolean isIssuedUnderAnchor(List<Bytes> chain);

  /** Where the trust anchor's own certificate says that its revocation list lies. */
  Optional<String> rootRevocationListUri();
}
