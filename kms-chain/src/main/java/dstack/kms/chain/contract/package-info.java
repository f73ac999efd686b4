/**
 * Our contracts as compiled, and how their code is recognized on a chain.
 *
 * <p>Specifications 20 and 22 §3. What deploys takes {@link
 * dstack.kms.chain.contract.ContractArtifact}; what reads a chain with proofs asks {@link
 * dstack.kms.chain.contract.KnownCode} whether the code at an address is one it knows. The
 * artifacts are resources of this package, written by {@code ./kms contracts} from the folder
 * {@code contracts}.
 */
@NullMarked
package dstack.kms.chain.contract;

import org.jspecify.annotations.NullMarked;
