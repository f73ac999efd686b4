/**
 * One exchange with a chain's endpoint: bounded in time and in size, and believed only in the form
 * that was asked for.
 *
 * <p>Specifications 21 §8 (2 to 5) and 90 §2. Everything of {@code kms-chain} that asks a chain
 * goes through {@link dstack.kms.chain.rpc.RpcClient}, web3j's calls included. An answer is only as
 * true as its endpoint: whoever decides by it pins the block and judges the endpoint.
 */
@NullMarked
package dstack.kms.chain.rpc;

import org.jspecify.annotations.NullMarked;
