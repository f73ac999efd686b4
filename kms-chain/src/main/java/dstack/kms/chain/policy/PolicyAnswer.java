package dstack.kms.chain.policy;

/**
 * What the policy says about one question at one block.
 *
 * @param verdict the decision
 * @param gatewayAppId the gateway's app id at the same block
 */
public record PolicyAnswer(Verdict verdict, String gatewayAppId) {}
