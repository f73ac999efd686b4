package dstack.kms.attest.platform;

import dstack.kms.attest.evidence.Evidence;

/**
 * Verifies the evidence of one platform, or refuses. Safe for use by many threads; may block while
 * collateral is fetched.
 *
 * @param <E> the platform's evidence
 */
public interface PlatformVerifier<E extends Evidence> {
  /**
   * Parses, authenticates and binds the evidence.
   *
   * @throws dstack.kms.core.refusal.RefusalException when any check fails; of the kind {@code
   *     UNAVAILABLE} when a document that the decision needs could not be had
   */
  VerifiedPlatform verify(E evidence, Claims claims);
}
