/**
 * The way of the published guide's §8 with the scripts of {@code deploy/nitro} and a real chain.
 * The security module is the simulated platform's: it must sign what a stand-in measured while the
 * enclave waits.
 */
@NullMarked
package dstack.kms.acceptance.nitro;

import org.jspecify.annotations.NullMarked;
