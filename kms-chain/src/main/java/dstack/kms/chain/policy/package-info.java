/**
 * The two questions that the policy contract decides, as bytes, and its answers.
 *
 * <p>Specifications 20 §1 and §2.3, 21 §8 (1 and 5). The codec knows these few forms and no others:
 * a question is encoded only when every field has its width and none of those that a list is asked
 * about is absent; an answer is read only in the one encoding that a contract compiled by Solidity
 * gives. The authorities of this module use it, whatever they read the policy from.
 */
@NullMarked
package dstack.kms.chain.policy;

import org.jspecify.annotations.NullMarked;
