/**
 * The identity and the measurements of a workload as they follow from its evidence: VM
 * configuration, app info, and the values an authority is asked about (specifications 10 §4, 12
 * §7).
 *
 * <p>The formulas do not ask whether the evidence was verified. {@code
 * attest.verify.VerifiedAttestation} applies them to verified evidence, which is the only way to a
 * decision; {@link dstack.kms.attest.appinfo.UnverifiedAppInfo} is for showing and simulating.
 */
@NullMarked
package dstack.kms.attest.appinfo;

import org.jspecify.annotations.NullMarked;
