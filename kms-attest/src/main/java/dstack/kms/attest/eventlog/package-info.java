/**
 * Event logs and what follows from them: digests of runtime events, replay of measurement
 * registers, the boot logs of TDX firmware (CCEL) and of a TPM, and the JSON form (specification 12
 * §1 to §6, §9).
 *
 * <p>Nothing here is trusted by itself: a log means something only once its replay equals a
 * register of verified evidence. Used by {@code attest.evidence}, {@code attest.verify} and {@code
 * attest.appinfo}.
 */
@NullMarked
package dstack.kms.attest.eventlog;

import org.jspecify.annotations.NullMarked;
