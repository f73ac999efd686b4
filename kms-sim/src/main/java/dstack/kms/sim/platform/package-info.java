/**
 * A simulated TDX platform: guests boot on it and get attestations that verify under its own root
 * and under no other (specification 00 §6, 10–12).
 *
 * <p>It can never be reached from a production start: only the commands {@code kms dev} and {@code
 * kms sim}, and tests, may use it. {@link dstack.kms.sim.platform.SimulatedPlatform} is the way in.
 */
@NullMarked
package dstack.kms.sim.platform;

import org.jspecify.annotations.NullMarked;
