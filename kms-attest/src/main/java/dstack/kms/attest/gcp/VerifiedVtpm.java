package dstack.kms.attest.gcp;

import java.util.List;
import java.util.Optional;

/**
 * What the virtual TPM of a machine attests to about it, under Google's root. Made by {@link
 * VtpmVerifier} only.
 *
 * @param registers the quoted registers
 * @param instance the machine, if the certificate names it in the known form
 * @param unchecked what of the certificate's chain was not checked, a sentence each
 */
record VerifiedVtpm(QuotedTpm registers, Optional<GcpInstance> instance, List<String> unchecked) {
  VerifiedVtpm {
    unchecked = List.copyOf(unchecked);
  }
}
