/**
 * Chains and endpoints for the tests of this module: a real chain with our contracts on it, and
 * endpoints that lie.
 *
 * <p>{@link dstack.kms.chain.testing.TestChain} is a running anvil; {@link
 * dstack.kms.chain.testing.Deployment} puts a KMS and its implementations there; {@link
 * dstack.kms.chain.testing.Calldata} encodes calls with the encoder of web3j, which is none of
 * ours.
 *
 * <pre>{@code
 * try (TestChain chain = TestChain.start()) {
 *   Deployment kms = Deployment.on(chain);
 *   kms.owner("addOsImageHash(bytes32)", image);
 *   Address app = kms.deployApp(owner, false, false, false, device, composeHash);
 *   Answer answer = kms.isAppAllowed(Boot.ofApp(app, composeHash, device, image));
 * }
 * }</pre>
 */
@NullMarked
package dstack.kms.chain.testing;

import org.jspecify.annotations.NullMarked;
