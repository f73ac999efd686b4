package dstack.kms.chain.authority;

import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.Verdict;

/**
 * What the policy says at the two blocks of a view.
 *
 * @param chosen at the block where grants must stand, with the gateway's app id
 * @param newest at the newest block
 */
public record PolicyFinding(PolicyAnswer chosen, Verdict newest) {}
