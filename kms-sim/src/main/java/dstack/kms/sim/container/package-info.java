/**
 * Event logs whose replay gives the registers of a simulated quote, and the attestation containers
 * V0 and V1 around it (specifications 10 §2–3, 12).
 *
 * <p>Written from the specification's tables, independently of the decoder and the replay that
 * verify it. Only {@code kms dev}, {@code kms sim} and tests may use it.
 */
@NullMarked
package dstack.kms.sim.container;

import org.jspecify.annotations.NullMarked;
